"""Formatters and linters have nothing to say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str) -> str:
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return "" if result.returncode == 0 else result.stdout + result.stderr


def test_swift_format() -> None:
    paths = ["Sources", "Tests", "Package.swift"]
    assert not run("swift", "format", "lint", "--strict", "-r", "-p", *paths)


def test_ruff_check() -> None:
    assert not run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_ruff_format() -> None:
    assert not run(sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")
