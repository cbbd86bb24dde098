"""Programs that run beside the tests end with them."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.process import Background

_REPOSITORY = Path(__file__).resolve().parents[3]
_STARTER = """
import sys, time
from pathlib import Path
from tests.tools.process import Background

Background(["sleep", sys.argv[1]], Path(sys.argv[2]))
print("started", flush=True)
time.sleep(600)
"""


def test_a_program_is_stopped(tmp_path: Path) -> None:
    """It runs until it is stopped, and leaves what it said."""
    program = Background(["sh", "-c", "echo $WORD; exec sleep 600"], tmp_path / "log", env={"WORD": "hello"})
    assert _becomes(lambda: program.last_words() == "hello")
    assert program.is_running()
    program.stop()
    assert not program.is_running()


@pytest.mark.parametrize(("word", "said"), [("true", ""), ("absent-program", "FileNotFoundError")])
def test_an_end_is_noticed(tmp_path: Path, word: str, said: str) -> None:
    """A program that ends by itself, or cannot be started, is not running, and says why."""
    program = Background([word], tmp_path / "log")
    assert _becomes(lambda: not program.is_running())
    program.stop()
    assert said in program.last_words()


def test_a_program_ends_with_its_starter(tmp_path: Path) -> None:
    """Even a starter that is killed outright leaves nothing behind."""
    seconds = "60.0625"  # told from any other sleep of this machine
    starter = [sys.executable, "-c", _STARTER, seconds, str(tmp_path / "log")]
    with subprocess.Popen(starter, cwd=_REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        assert _becomes(lambda: _runs(seconds))
        process.send_signal(signal.SIGKILL)
    assert _becomes(lambda: not _runs(seconds))


def _becomes(is_true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _runs(seconds: str) -> bool:
    words = f"sleep\0{seconds}\0".encode()
    return any(_read(entry) == words for entry in Path("/proc").glob("[0-9]*/cmdline"))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it ended meanwhile
        return b""
