"""One render of an output folder at a time, proved with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from hftgen.errors import MachineError
from hftgen.tree import lock as module
from hftgen.tree.lock import lock
from hftgen.tree.target import STAGING, is_busy
from hftgen.tree.transaction import pending
from tests.unit.tree.support import OLD, CountingDisk, attempt, die_at, is_clean, render, run_child, start_child

HOLD = """
import os, sys, time
from hftgen.tree.lock import lock
with lock(sys.argv[1]):
    if "fork" in sys.argv and not os.fork():
        time.sleep(30)
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _holder(output: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(output), *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_the_second_waits_and_says_so(tmp_path: Path) -> None:
    """A second process says once that it waits, and for whom, and goes on when the first is done."""
    said: list[str] = []
    with _holder(tmp_path) as holder:
        assert holder.stdin is not None

        def say(sentence: str) -> None:
            said.append(sentence)
            holder.stdin and holder.stdin.close()

        with lock(tmp_path, wait=20, on_wait=say):
            assert holder.wait(20) == 0
        assert said == [f"Waiting for another hftgen (process {holder.pid}), which is writing {tmp_path}."]
    assert is_clean(tmp_path)


def test_the_second_gives_up(tmp_path: Path) -> None:
    """After its patience is over the second exits 4, names the holder, and leaves the holder's lock."""
    with _holder(tmp_path) as holder:
        with pytest.raises(MachineError) as refused, lock(tmp_path, wait=0.2):
            pass
        assert refused.value.exit_code == 4
        assert refused.value.reason == f"another hftgen (process {holder.pid}) has been writing it for 0.2 s"
        assert refused.value.hint
        assert is_busy(tmp_path)
        assert pending(tmp_path) is None


def test_a_killed_holder_frees_it(tmp_path: Path) -> None:
    """The lock of a killed process is free at once, even while a process that it forked lives on."""
    with _holder(tmp_path, "fork") as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(20)
        with lock(tmp_path, wait=0.2):
            pass
    assert is_clean(tmp_path)


def test_never_two_at_once(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many processes that take, hold and remove the lock never hold it together."""
    monkeypatch.setattr(module, "PAUSE", 0.0005)
    counter = quick / "counter"
    counter.write_text("0")

    def work() -> None:
        for _ in range(40):
            with lock(quick):
                number = int(counter.read_text())
                time.sleep(0.0002)
                counter.write_text(str(number + 1))

    children = [start_child(work) for _ in range(4)]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    assert counter.read_text() == "160"
    assert is_clean(quick)


def test_git_never_sees_it(tmp_path: Path) -> None:
    """While the lock is held, its folder ignores itself; afterwards it is gone, and so is an output made for it."""
    output = tmp_path / "deep" / "rendered"
    with lock(output):
        assert (output / STAGING / ".gitignore").read_text() == "*\n"
        assert int((output / STAGING / "lock").read_text()) == os.getpid()
    assert not output.exists()


def test_it_stays_while_a_transaction_is_open(tmp_path: Path) -> None:
    """A transaction that could not be finished keeps its folder when the lock goes."""
    render(tmp_path, OLD)

    def refuse(_: int, name: str, path: str) -> None:
        if name == "rename" and "/new/" in path:
            raise PermissionError(13, "Permission denied", path)

    assert attempt(tmp_path, {"production": {"README.md": b"new"}}, CountingDisk(refuse))
    assert (tmp_path / STAGING / "journal").exists()
    assert (tmp_path / STAGING / ".gitignore").read_text() == "*\n"
    assert "may hold a mix" in str(pending(tmp_path))


def test_killed_while_tidying(tmp_path: Path) -> None:
    """A process killed while it makes or removes the lock's folder leaves what the next one removes."""

    def work(moment: int) -> None:
        with lock(tmp_path, disk=die_at(moment)):
            pass

    statuses = []
    for moment in range(8):
        statuses.append(run_child(lambda moment=moment: work(moment)))  # type: ignore[misc]
        with lock(tmp_path, wait=0):
            assert (tmp_path / STAGING / ".gitignore").exists()
        assert is_clean(tmp_path)
    assert set(statuses) == {0, -signal.SIGKILL}


def test_a_link_for_the_staging_folder(tmp_path: Path) -> None:
    """A staging folder that is a link is refused, and nothing is written where it leads."""
    (tmp_path / "home").mkdir()
    (tmp_path / "rendered").mkdir()
    (tmp_path / "rendered" / STAGING).symlink_to(tmp_path / "home")
    with pytest.raises(MachineError, match="Not a directory"), lock(tmp_path / "rendered"):
        pass
    assert list((tmp_path / "home").iterdir()) == []


@pytest.mark.parametrize("name", ["lock", ".gitignore"])
def test_a_link_inside_the_staging_folder(name: str, tmp_path: Path) -> None:
    """A link planted in the staging folder is not written through."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "rendered" / STAGING).mkdir(parents=True)
    (tmp_path / "rendered" / STAGING / name).symlink_to(victim)
    attempt(tmp_path / "rendered", OLD, CountingDisk())
    assert victim.read_text() == "precious"


def test_a_filesystem_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the filesystem has no locks, that is exit 4, not a render without one."""

    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.lockf", refuse)
    with pytest.raises(MachineError, match="cannot lock the output folder: No locks available"), lock(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_said_soon() -> None:
    """Where the system lets nobody make a folder and says that it does not exist, we wait a second, not a minute."""
    start = time.monotonic()
    with pytest.raises(MachineError, match="No such file or directory"), lock("/proc/hftgen"):
        pass
    assert time.monotonic() - start < 20
