"""`gradcampp run` again: pictures that changed are done anew, results of runs are no pictures."""

import json
import shutil

import pytest
from gradcampp_swift.command.record_file import RecordFile
from picture_folder import MODULE, PROGRAM, make_pictures, records, tree


@pytest.fixture
def folder(place):
    make_pictures(place.folder / "in", ["a.png", "b.png", "sub/c.png"])
    return place.folder


def run(place, *arguments):
    return place.run("run", "in", "-o", "out", *arguments, image=None, start=MODULE)


def by_name(output):
    return {record["file"]: record for record in records(output)}


def test_changed_pictures_are_done_anew(place, folder):
    assert run(place).returncode == 0
    before = by_name(folder / "out")
    kept = tree(folder / "out")
    shutil.copyfile(place.folder / "photo.png", folder / "in" / "b.png")
    done = run(place)
    assert done.returncode == 0
    assert done.stderr == f"{PROGRAM}changed since it was explained, done anew: in/b.png\n"
    assert done.stdout == "out: 3 explained\n"
    after = by_name(folder / "out")
    assert [record["file"] for record in records(folder / "out")] == ["a.png", "sub/c.png", "b.png"]
    assert after["b.png"]["sha256"] != before["b.png"]["sha256"]
    assert {**after, "b.png": None} == {**before, "b.png": None}
    assert tree(folder / "out")["b.png.npy"] != kept["b.png.npy"]
    # The files are those of a run that never saw the other picture.
    shutil.rmtree(folder / "out")
    shutil.move(folder / "in", folder / "moved")
    shutil.move(folder / "moved", folder / "in")
    assert run(place).returncode == 0
    assert by_name(folder / "out") == after


@pytest.mark.parametrize("limit", [1, 3])
def test_only_pictures_that_are_asked_for_are_compared(place, folder, limit):
    assert run(place).returncode == 0
    shutil.copyfile(place.folder / "photo.png", folder / "in" / "b.png")
    done = run(place, "--limit", str(limit))
    assert done.stderr.count("done anew") == (1 if limit == 3 else 0)


def test_a_picture_that_broke_and_one_that_was_mended(place, folder):
    picture = (folder / "in" / "a.png").read_bytes()
    (folder / "in" / "a.png").write_bytes(b"")
    assert run(place).returncode == 0
    assert by_name(folder / "out")["a.png"]["status"] == "failed"
    assert run(place).stderr == ""  # still the same
    (folder / "in" / "a.png").write_bytes(picture)
    (folder / "in" / "b.png").write_bytes(b"no picture")
    done = run(place)
    assert done.stdout == "out: 2 explained, 1 set aside (see out/manifest.jsonl)\n"
    found = by_name(folder / "out")
    assert {name: record["status"] for name, record in found.items()} == {
        "a.png": "ok",
        "b.png": "failed",
        "sub/c.png": "ok",
    }


def test_a_picture_with_the_same_bytes_and_another_time_stays(place, folder):
    assert run(place).returncode == 0
    before = tree(folder / "out")
    data = (folder / "in" / "a.png").read_bytes()
    (folder / "in" / "a.png").unlink()
    (folder / "in" / "a.png").write_bytes(data)
    assert run(place).stderr == ""
    assert tree(folder / "out") == before


def test_results_within_the_folder_are_no_pictures(place, folder):
    assert place.run("run", "in", "-o", "in/old", image=None, start=MODULE).returncode == 0
    done = run(place)
    assert done.returncode == 0
    assert done.stdout == "out: 3 explained\n"
    says = "passed over: in/old holds the results of a run (run.json)"
    assert done.stderr == f"{PROGRAM}{says}\n"
    assert set(by_name(folder / "out")) == {"a.png", "b.png", "sub/c.png"}
    again = place.run("run", "in/old", "-o", "out2", image=None, start=MODULE)
    assert again.returncode == 1
    assert "in/old holds run.json, and so the results of a run" in again.stderr


def test_patterns_choose(place, folder):
    assert run(place, "--include", "*.png", "--exclude", "sub").stdout == "out: 2 explained\n"
    assert run(place, "--include", "sub/*").stdout == "out: 3 explained\n"
    done = place.run("evaluate", "in", "--exclude", "b*", image=None, start=MODULE)
    assert done.stdout.startswith("1 pictures; ")


def test_a_replaced_file_of_records_keeps_its_lock(tmp_path):
    path = str(tmp_path / "records")
    with RecordFile(path) as file:
        file.append(b"one\n")
        file.append(b"two\n")
        file.replace([b"two\n"])
        with pytest.raises(OSError, match="another process writes it now"):
            RecordFile(path)
        file.append(b"three\n")
    assert (tmp_path / "records").read_bytes() == b"two\nthree\n"
    assert [path.name for path in tmp_path.iterdir()] == ["records"]
    RecordFile(path).close()


def test_a_replacement_that_fails_leaves_everything(tmp_path):
    def parts():
        yield b"half"
        raise OSError(28, "No space left on device")

    path = tmp_path / "records"
    with RecordFile(str(path)) as file:
        file.append(b"one\n")
        with pytest.raises(OSError, match="No space left"):
            file.replace(parts())
        file.append(b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"
    assert [path.name for path in tmp_path.iterdir()] == ["records"]


def test_lines_that_stay_keep_their_bytes(place, folder):
    assert run(place).returncode == 0
    path = folder / "out" / "manifest.jsonl"
    lines = [
        json.dumps(record, indent=None, separators=(",", ":")) for record in records(path.parent)
    ]
    path.write_text("\n".join(lines) + "\n")
    shutil.copyfile(place.folder / "photo.png", folder / "in" / "a.png")
    assert run(place).returncode == 0
    assert path.read_text().splitlines()[:2] == lines[1:]
