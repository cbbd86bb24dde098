"""A machine that refuses: exit 4, and the tree is the old or the new one."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hftgen.errors import MachineError
from hftgen.tree.disk import Disk
from hftgen.tree.lock import lock
from hftgen.tree.transaction import pending, recover
from tests.unit.tree.support import (
    CASES,
    NEW,
    OLD,
    CountingDisk,
    attempt,
    build,
    fail_at,
    is_clean,
    render,
    run_child,
    snapshot,
)

ERRORS = {"full": errno.ENOSPC, "read-only": errno.EROFS, "permission": errno.EACCES, "vanished": errno.ENOENT}


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
@pytest.mark.parametrize("error", ERRORS)
def test_refused_at_any_step(error: str, lasting: bool, quick: Path) -> None:  # noqa: FBT001 a parameter
    """Refused at any one operation, a render exits 4 and says why and what to do; the tree can be told afterwards."""
    case = CASES["update"]
    original = quick / "original"
    before, after = build(original, case)
    counted = CountingDisk()
    shutil.copytree(original, quick / "count", symlinks=True)
    render(quick / "count", case.after, counted)
    refusals = 0
    for moment in range(0, counted.count, 1 if error == "full" else 4):
        output = quick / str(moment)
        shutil.copytree(original, output, symlinks=True)
        refused = attempt(output, case.after, fail_at(moment, ERRORS[error], lasting=lasting))
        if refused is None:
            # What is refused while tidying up is no failure of the render.
            assert snapshot(output).items() >= after.items()
        else:
            refusals += 1
            assert refused.exit_code == 4
            assert refused.reason == os.strerror(ERRORS[error])
            assert refused.hint
            assert str(output) in refused.file
            assert "as it was" not in refused.hint or snapshot(output) == before
        with lock(output):
            message = recover(output)
        found = snapshot(output)
        assert found in (before, after)
        assert message is None or found == (before if "holds its old tree" in message else after)
        assert is_clean(output)
    assert refusals


def test_a_read_only_folder_is_found_before_anything_changes(tmp_path: Path) -> None:
    """A folder that cannot be written is found before the commit: the old tree stays whole, nothing is left."""
    output = tmp_path / "rendered"
    before, _ = build(output, CASES["update"])

    class ReadOnlyFolder(Disk):
        def is_writable(self, folder: str) -> bool:
            return not folder.endswith("base/engine")

    with pytest.raises(
        MachineError, match="production/base/engine: cannot stage the rendered files: Permission denied"
    ):
        render(output, NEW, ReadOnlyFolder())
    assert snapshot(output) == before
    assert is_clean(output)


def test_a_user_without_rights(tmp_path: Path) -> None:
    """For a user who may not write a folder below the output, the real system's refusal is exit 4 and the old tree."""
    _in_public(lambda output: _check_refusal(output, output / "production/base/engine"))


def test_a_user_without_rights_to_the_output(tmp_path: Path) -> None:
    """The same where the output folder itself may not be written."""
    _in_public(lambda output: _check_refusal(output, output))


def _check_refusal(output: Path, closed: Path) -> None:
    render(output, OLD)
    before = snapshot(output)
    closed.chmod(0o555)
    try:
        with pytest.raises(MachineError) as refused:
            render(output, NEW)
        assert refused.value.reason == "Permission denied"
        assert snapshot(output) == before
    finally:
        closed.chmod(0o755)
    render(output, NEW)


def _in_public(check: Callable[[Path], None]) -> None:
    """Do a check as a user who is not root, in a folder of his own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        def work() -> None:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            check(home / "rendered")

        if os.geteuid() == 0:
            os.chown(home, 65534, 65534)
        assert run_child(work) == 0


def test_an_unreadable_file(tmp_path: Path) -> None:
    """A rendered file that cannot be read is exit 4, naming it."""

    def check(output: Path) -> None:
        render(output, OLD)
        (output / "production/same.yaml").chmod(0)
        with pytest.raises(
            MachineError, match=r"production/same.yaml: cannot read the rendered tree: Permission denied"
        ):
            render(output, OLD)

    _in_public(check)


def test_read_only_leftovers_go(tmp_path: Path) -> None:
    """A stale folder that a tool made read-only is removed with what is in it."""

    def check(output: Path) -> None:
        render(output, OLD)
        (output / "production/base/removed/deep").chmod(0o555)
        (output / "production/base/removed").chmod(0o555)
        render(output, NEW)
        assert not (output / "production/base/removed").exists()
        assert is_clean(output)

    _in_public(check)


def test_the_output_vanishes_meanwhile(quick: Path) -> None:
    """An output folder removed by somebody at any step is exit 4, or the render's last word; never a traceback."""
    for moment in range(60):
        output = quick / str(moment)
        render(output, OLD)

        def vanish(number: int, *_: str, output: Path = output, moment: int = moment) -> None:
            if number == moment:
                shutil.rmtree(output)

        refused = attempt(output, NEW, CountingDisk(vanish))
        assert refused is None or refused.hint
        render(output, NEW)
        assert (output / "production/README.md").read_bytes() == b"new\n"


def test_a_staged_file_vanishes(tmp_path: Path) -> None:
    """A staged file that is gone when it is to be put in place is exit 4; recovery then says that the tree is mixed."""
    output = tmp_path / "rendered"
    render(output, OLD)

    def vanish(_: int, name: str, path: str) -> None:
        if name == "rename" and "/new/" in path and Path(path).is_file():
            Path(path).unlink()

    with pytest.raises(MachineError, match="something else removed it meanwhile"):
        render(output, NEW, CountingDisk(vanish))
    assert "may hold a mix" in str(pending(output))
    message, _, _ = render(output, NEW)
    assert "may hold a mix" in str(message)
    assert (output / "production/README.md").read_bytes() == b"new\n"
    assert is_clean(output)


def test_an_interrupt_at_any_step(quick: Path) -> None:
    """Ctrl-C at any operation goes through; the next command finds the old or the new tree."""
    original = quick / "original"
    before, after = build(original, CASES["update"])
    for moment in range(0, 110, 3):
        output = quick / str(moment)
        shutil.copytree(original, output, symlinks=True)

        def interrupt(number: int, *_: str, moment: int = moment) -> None:
            if number == moment:
                raise KeyboardInterrupt

        try:
            render(output, NEW, CountingDisk(interrupt))
        except KeyboardInterrupt:
            with lock(output):
                recover(output)
        assert snapshot(output) in (before, after)
        assert is_clean(output)
