"""`gradcampp run` stopped from outside at any moment, and continued."""

import random
import shutil
import signal
import subprocess

import numpy as np
import pytest
from conftest import PATIENCE
from gradcampp_swift.command import main
from gradcampp_swift.files import temporary_name
from picture_folder import MODULE, PYTHON, make_pictures, records, tree
from stopped_commands import FILES, stopped

COUNT = 120
ARGUMENTS = ("run", "in", "--weights", "models/vgg16.npy", "--batch-size", "4", "-o")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, weight_file):
    """The place, with an unbroken run in `whole`."""
    folder = tmp_path_factory.mktemp("interrupts")
    names = [f"{'sub/' * (number % 3)}{number:03}.png" for number in range(COUNT)]
    make_pictures(folder / "in", [*names, "bad.jpg"])
    (folder / "models").mkdir()
    shutil.copy(weight_file, folder / "models" / "vgg16.npy")
    finish(folder, "whole")
    return folder


def finish(folder, output):
    command = [PYTHON, *MODULE, *ARGUMENTS, output]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=PATIENCE)


def lines(folder, output):
    return (folder / output / "manifest.jsonl").read_bytes().count(b"\n")


def test_killed_at_twenty_moments(folder):
    """A picture has about ten events."""
    moments = random.Random(7)
    killed = 0
    output = "killed"
    while killed < 20:
        arguments = [output, *ARGUMENTS, output]
        done = stopped(FILES, arguments, folder, signal.SIGKILL, moments.randint(1, 150))
        if done.returncode == -signal.SIGKILL:
            killed += 1
        found = [record["file"] for record in records_so_far(folder / output)]
        assert found == [record["file"] for record in records(folder / "whole")][: len(found)]
        if done.returncode == 0:  # all done: the next ones begin anew
            assert tree(folder / output) == tree(folder / "whole")
            shutil.rmtree(folder / output)
    finish(folder, output)
    assert tree(folder / output) == tree(folder / "whole")
    shutil.rmtree(folder / output)


def records_so_far(output):
    """Whole lines only."""
    path = output / "manifest.jsonl"
    if not path.exists():
        return []
    data = path.read_bytes()
    path.write_bytes(data[: data.rfind(b"\n") + 1])
    return records(output)


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_order(folder, stop, code):
    done = stopped(FILES, ["stopped", *ARGUMENTS, "stopped"], folder, stop, 200)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
    files = tree(folder / "stopped")
    assert 0 < lines(folder, "stopped") < COUNT
    whole = tree(folder / "whole")
    assert whole["manifest.jsonl"].startswith(files.pop("manifest.jsonl"))
    assert all(whole[name] == data for name, data in files.items())  # nothing half-written either
    finish(folder, "stopped")
    assert tree(folder / "stopped") == whole
    shutil.rmtree(folder / "stopped")


def test_what_is_done_is_not_done_again(folder, capsys):
    arguments = ["run", str(folder / "in"), "-o", str(folder / "whole")]
    arguments += ["--weights", str(folder / "models/vgg16.npy")]
    before = tree(folder / "whole")
    kept = {path: path.stat().st_mtime_ns for path in (folder / "whole").rglob("*")}
    assert main(arguments) == 0
    assert tree(folder / "whole") == before
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(f"{folder / 'whole'}: {COUNT} explained, 1 set aside (see ")


def test_manifest_cut_at_every_byte_of_its_last_lines(folder):
    output = folder / "cut"
    arguments = ["run", str(folder / "in"), "-o", str(output), "--limit", "3", "--quiet"]
    arguments += ["--weights", str(folder / "models/vgg16.npy")]
    assert main(arguments) == 0
    path = output / "manifest.jsonl"
    data = path.read_bytes()
    start = data.rfind(b"\n", 0, len(data) - 1) + 1
    for size in (*range(start, len(data), 7), len(data) - 1):
        path.write_bytes(data[:size])
        assert main(arguments) == 0
        assert path.read_bytes() == data
    path.write_bytes(b"")  # killed before the first line
    (output / "run.json").unlink()
    assert main(arguments) == 0
    assert path.read_bytes() == data


def test_left_behind_temporary_files_go_away(folder):
    output = folder / "left"
    arguments = ["run", str(folder / "in"), "-o", str(output), "--limit", "4", "--quiet"]
    arguments += ["--weights", str(folder / "models/vgg16.npy")]
    assert main(arguments) == 0
    before = tree(output)
    path = output / "manifest.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    last = records(folder / "whole")[3]["written"]
    (output / last["npy"]).unlink()
    for folder_below in {(output / name).parent for name in last.values()}:
        (folder_below / temporary_name()).write_bytes(b"half")
        (folder_below / temporary_name()).symlink_to(folder / "models/vgg16.npy")
    (output / temporary_name()).write_bytes(b"half")
    assert main(arguments) == 0
    assert tree(output) == before
    assert (folder / "models/vgg16.npy").is_file()


def test_new_pictures_follow(folder, tmp_path):
    shutil.copytree(folder / "in", tmp_path / "in")
    arguments = ["run", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--quiet"]
    arguments += ["--weights", str(folder / "models/vgg16.npy"), "--formats", "npy"]
    assert main([*arguments, "--limit", "5"]) == 0
    make_pictures(tmp_path / "in", ["000-new.png"])
    assert main([*arguments, "--limit", "5"]) == 0
    names = [record["file"] for record in records(tmp_path / "out")]
    assert names == ["000.png", "003.png", "006.png", "009.png", "012.png", "000-new.png"]
    assert np.load(tmp_path / "out" / "000-new.png.npy").shape == (64, 64)


def test_interrupt_does_not_wait_for_the_network(folder):
    """The second batch never ends here."""
    code = (
        "import sys, threading\n"
        "from gradcampp_swift.explanations.explaining import Explainer\n"
        "from gradcampp_swift.command import main\n"
        "explain, calls = Explainer.explain, []\n"
        "def endless(*arguments):\n"
        "    calls.append(1)\n"
        "    if len(calls) == 2:\n"
        "        print('waiting', flush=True)\n"
        "        threading.Event().wait()\n"
        "    return explain(*arguments)\n"
        "Explainer.explain = endless\n"
        "sys.exit(main())\n"
    )
    child = subprocess.Popen(
        [PYTHON, "-c", code, *ARGUMENTS, "endless"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "waiting\n"
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=PATIENCE) == ("", "")
    assert child.returncode == 130
    whole = tree(folder / "whole")
    files = tree(folder / "endless")
    assert whole["manifest.jsonl"].startswith(files.pop("manifest.jsonl"))
    assert all(whole[name] == data for name, data in files.items())
    shutil.rmtree(folder / "endless")
