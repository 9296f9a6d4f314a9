"""Ctrl-C and SIGTERM while a command is in a call that does not look for signals.

The call is one of OpenSSL that takes longer than a test may, and leaves the interpreter to other
threads. One of them sends the signal, and gets its turn only once the call has begun: until then
the main thread gives up the interpreter to nobody.
"""

import signal

import pytest
from gradcampp_swift.command import main, termination
from picture_folder import make_pictures

STUCK = """
import hashlib, os, sys, threading
number = int(sys.argv.pop(1))
turn = threading.Lock()
turn.acquire()
def send():
    turn.acquire()
    os.kill(os.getpid(), number)
sender = threading.Thread(target=send, daemon=True)
sender.start()
def stuck(*arguments):
    sys.setswitchinterval(10_000)
    turn.release()
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)
    print("the call is over", flush=True)
import gradcampp_swift.command.entry as entry
"""

COMMANDS = {
    "explain": ["-f", "photo.png"],
    "run": ["run", "in", "-o", "out"],
    "report": ["report", "done"],
    "convert": ["convert", "models/vgg16.npy", "x.safetensors"],
    "evaluate": ["evaluate", "in"],
}

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


def assert_ends(place, code, number, arguments):
    program = f"{STUCK}{code}sys.exit(entry.main())"
    start = ("-c", program, str(int(number)))
    done = place.run(*arguments, image=None, start=start)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")


@SIGNALS
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_ends(place, name, number):
    make_pictures(place.folder / "in", ["a.png"])
    if name == "report":
        done = ("run", "in", "-o", "done", "--quiet")
        assert place.run(*done, image=None, start=("-m", "gradcampp_swift")).returncode == 0
    assert_ends(place, "entry.print_text = stuck\n", number, COMMANDS[name])


@SIGNALS
def test_what_is_half_written_is_removed(place, number):
    code = (
        "import gradcampp_swift.explanations.explanation as explanation\n"
        "from gradcampp_swift.files import write_whole\n"
        "def write(file): file.write(b'half'); file.flush(); stuck()\n"
        "explanation.save_picture = lambda path, picture: write_whole(path, write)\n"
    )
    assert_ends(place, code, number, COMMANDS["explain"])
    assert [name for name in place.files() if name != "output"] == []


@SIGNALS
def test_a_network_that_is_not_done(place, number):
    """In the main thread, and in the run's own."""
    make_pictures(place.folder / "in", ["a.png", "b.png"])
    code = (
        "from gradcampp_swift.explanations.explaining import Explainer\nExplainer.explain = stuck\n"
    )
    for name in ("explain", "evaluate"):
        assert_ends(place, code, number, COMMANDS[name])


def test_the_time_that_an_orderly_end_has():
    assert 0 < termination.GRACE < 1


def test_a_hosts_process_keeps_its_signals(place, capsys):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert main(["-f", str(place.folder / "none.png")]) == 1
    assert "there is no file" in capsys.readouterr().err
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    assert wakeup == -1
