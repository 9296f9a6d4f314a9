"""What programs that pack Python programs ask the package for."""

import os


def hook_folders() -> list[str]:
    """Tell PyInstaller, by the entry point `pyinstaller40`, where its hook for the package lies."""
    return [os.path.dirname(os.path.abspath(__file__))]
