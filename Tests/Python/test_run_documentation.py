"""Every command and snippet of docs/datasets.md runs."""

import re
import shlex

import pytest
from conftest import ROOT
from gradcampp_swift.command import main
from picture_folder import make_pictures

PAGE = (ROOT / "docs" / "datasets.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_snippets_run(tmp_path, monkeypatch, weight_file, capsys):
    make_pictures(tmp_path / "photos", ["zoo/a.jpg", "bad.jpg"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADCAMPP_WEIGHTS", str(weight_file))
    (commands,) = blocks("sh")
    for line in commands.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "gradcampp"
        assert main(arguments) == 0
    for name in re.findall(r"^\| `([^`]*)` \|", PAGE, re.MULTILINE):
        assert (tmp_path / "results" / name).is_file(), name
    reading, streaming = blocks("python")
    found = {}
    exec(reading, found)
    assert list(found["broken"]) == ["bad.jpg"]
    assert found["unsure"] == ["zoo/a.jpg"]
    (shown,) = blocks("json")
    (record,) = (record for record in found["records"] if record["status"] == "ok")
    assert re.findall(r'"(\w+)": ', shown) == [
        name for key in record for name in (key, *(record[key] if key == "written" else ()))
    ]
    capsys.readouterr()
    exec(streaming, {})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("photos/bad.jpg: ")
    assert lines[1].startswith("photos/zoo/a.jpg ")


@pytest.mark.parametrize("option", ["--formats", "--threshold", "--batch-size", "--workers"])
def test_options_exist(option, capsys):
    assert option in PAGE
    with pytest.raises(SystemExit):
        main(["run", "-h"])
    assert option in capsys.readouterr().out
