"""A render that is killed: afterwards the old tree or the new one, and nothing else was touched."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from hftgen.tree.lock import lock
from hftgen.tree.target import is_busy
from hftgen.tree.transaction import pending, recover
from tests.unit.tree.support import (
    CASES,
    Case,
    CountingDisk,
    Snapshot,
    Wanted,
    build,
    die_at,
    is_clean,
    put_foreign,
    render,
    run_child,
    snapshot,
    start_child,
)


def _count_steps(folder: Path, case: Case) -> int:
    output = folder / "count"
    build(output, case)
    disk = CountingDisk()
    render(output, case.after, disk)
    return disk.count


def _recover(output: Path) -> str | None:
    with lock(output):
        return recover(output)


def _is_told(message: str | None, found: Snapshot, before: Snapshot, after: Snapshot) -> bool:
    """Whether what recovery said is what it did."""
    if message is None or before == after:
        return found in (before, after)
    return found == (before if "holds its old tree" in message else after)


@pytest.mark.parametrize("name", CASES)
def test_killed_before_any_step(name: str, quick: Path) -> None:
    """Killed before any one of its operations, a render leaves what recovery makes the old or the new tree."""
    case = CASES[name]
    steps = _count_steps(quick, case)
    messages = set()
    original = quick / "original"
    before, after = build(original, case)
    for moment in range(steps):
        output = quick / str(moment)
        shutil.copytree(original, output, symlinks=True)
        status = run_child(lambda output=output, moment=moment: render(output, case.after, die_at(moment)))  # type: ignore[misc]
        assert status == -signal.SIGKILL
        said = pending(output)
        message = _recover(output)
        found = snapshot(output)
        assert found in (before, after)
        assert _is_told(message, found, before, after)
        assert (said is not None) == (message is not None) or "done its work" in str(message)
        assert is_clean(output)
        messages.add(message and message.split(":")[0].replace(str(output), ""))
    assert len(messages) == 4 if name != "fresh" else 3


def test_killed_recovery(quick: Path) -> None:
    """A recovery that is killed, and the next one too, still ends in the old or the new tree."""
    case = CASES["update"]
    steps = _count_steps(quick, case)
    original = quick / "original"
    before, after = build(original, case)
    chance = random.Random(3)
    for turn in range(30):
        output = quick / str(turn)
        shutil.copytree(original, output, symlinks=True)
        first = chance.randrange(steps)
        assert run_child(lambda: render(output, case.after, die_at(first))) == -signal.SIGKILL  # noqa: B023 done at once
        for _ in range(2):
            moment = chance.randrange(40)
            run_child(lambda: render(output, case.before, die_at(moment)))  # noqa: B023 done at once
            # A render is the next command: what it began anew is recovered like the first.
        _recover(output)
        assert snapshot(output) in (before, after)
        assert is_clean(output)


def test_killed_at_random_instants(quick: Path) -> None:
    """At 100 random instants of SIGKILL, the tree is the old or the new one, and foreign files are as they were."""
    output = quick / "output"
    put_foreign(output)
    trees: list[Wanted] = [
        {"production": {f"a/{name}.yaml": b"%d" % name * 50 * (turn + 1) for name in range(turn * 20, turn * 20 + 30)}}
        for turn in range(2)
    ]
    states = []
    started = time.perf_counter()
    for wanted in trees:
        render(output, wanted)
        states.append(snapshot(output))
    span = (time.perf_counter() - started) / 2
    chance = random.Random(7)
    recovered = turn = 0
    # On a busy machine a child may take longer to start than a whole render took before: then later, and more often.
    while turn < 100 or (not recovered and turn < 1000):
        child = start_child(lambda turn=turn: render(output, trees[turn % 2]))  # type: ignore[misc]
        time.sleep(chance.uniform(0, span * 1.5 * (1 + turn / 100)))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        recovered += _recover(output) is not None
        assert snapshot(output) in states
        assert not is_busy(output)
        turn += 1
    assert recovered
