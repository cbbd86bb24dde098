"""Worker processes: they bound, they die alone, they leave nobody behind."""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hftgen.errors import InputError, MachineError, Problem
from hftgen.render.bounds import Limits
from hftgen.render.engine import Note
from hftgen.render.pool import Pool
from hftgen.render.run import Renderer
from tests.unit.render.trees import CONTEXT, find_templates

SHORT = Limits(seconds=0.2, memory=256 << 20)
# Memory enough that a loop meets the time limit first: the engine collects no garbage.
ROOMY = SHORT._replace(memory=1 << 30)
SHORTER = SHORT._replace(seconds=0.1)
"""For tasks that import nothing."""


def square(number: int, note: Note | None = None) -> int:
    """A task; the number times itself."""
    return number * number


def misbehave(how: str, note: Note | None = None) -> Any:
    """A task that does what `how` says, and says so before if it is asked to."""
    if note is not None:
        note("templates/bad", f"for {how}")
    if how == "loop":
        while True:
            pass
    if how == "native loop":
        return 7 ** (10**9)
    if how == "memory":
        return bytes(1 << 40)
    if how == "exit":
        os._exit(3)
    if how == "once" and note is None:
        os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), getattr(signal, how, 0))
    return how


def fail(how: str) -> None:
    """A task that raises."""
    if how == "input":
        raise InputError([Problem("a", 1, 2, "p", "m")])
    if how == "machine":
        raise MachineError("read", "a", "gone", "look")
    if how == "unpicklable":
        raise type("Local", (Exception,), {})("x")
    raise ValueError("ours")


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_back_whatever_the_number_of_workers(jobs: int) -> None:
    """In the order they were asked for, large ones too; each future is completed once."""
    with Pool(jobs) as pool:
        futures = [pool.submit(square, number) for number in range(20)]
        assert [future.result() for future in futures] == [number * number for number in range(20)]
        large = pool.submit(bytes, 5_000_000)
        assert list(pool.completed([large, *futures])).count(large) == 1
        assert large.result() == bytes(5_000_000)


def test_the_first_task_may_be_anything() -> None:
    """It is inherited, not pickled, and keeps what it computed; arguments are copies."""
    seen: list[int] = []

    def count(value: list[int]) -> int:
        seen.append(1)
        value.append(2)
        return len(seen)

    with Pool(1) as pool:
        given = [1]
        assert [pool.submit(count, given).result() for _ in range(3)] == [1, 2, 3]
        assert pool.submit(square, 3).result() == 9
        assert (given, seen) == ([1], [])


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("loop", "was stopped after 0.1 s of processor time"),
        ("native loop", "was stopped after 0.1 s of processor time"),
        ("memory", "needed more than 256 MiB of memory"),
        ("SIGSEGV", "crashed its process (SIGSEGV)"),
        ("SIGABRT", "crashed its process (SIGABRT)"),
        ("exit", "crashed its process (exit code 3)"),
    ],
)
def test_a_task_that_kills_its_worker_is_an_error(how: str, message: str) -> None:
    """Time, memory, signals: an InputError with what the task last said it was doing; other tasks do not notice."""
    with Pool(2, SHORTER) as pool:
        before, bad, after = pool.submit(misbehave, "ok"), pool.submit(misbehave, how), pool.submit(misbehave, "fine")
        error = bad.exception()
        assert isinstance(error, InputError)
        assert error.problems[0][:6] == ("templates/bad", 0, 0, "", message, "")
        assert error.problems[0].subject == f"for {how}"
        assert error.problems[0].hint
        assert (before.result(), after.result()) == ("ok", "fine")


def test_a_death_that_does_not_repeat_costs_nothing() -> None:
    """A worker that somebody else killed is replaced, and its task done."""
    with Pool(1) as pool:
        assert pool.submit(misbehave, "once").result() == "once"


@pytest.mark.parametrize(
    ("how", "kind", "text"),
    [
        ("input", InputError, "a:1:2: p: m"),
        ("machine", MachineError, "a: cannot read: gone\n    hint: look"),
        ("bug", ValueError, "ours"),
    ],
)
def test_exceptions_come_back(how: str, kind: type[Exception], text: str) -> None:
    """As they were raised; a bug with the worker's traceback."""
    with Pool(1) as pool:
        error = pool.submit(fail, how).exception()
    assert type(error) is kind
    assert str(error) == text
    notes = "".join(getattr(error, "__notes__", []))
    assert ("In a worker process:\nTraceback" in notes) == (how == "bug")


def test_an_exception_that_cannot_be_pickled_is_told_as_text() -> None:
    """It does not kill the worker."""
    with Pool(1) as pool:
        error = pool.submit(fail, "unpicklable").exception()
        assert isinstance(error, RuntimeError)
        assert "Local: x" in str(error)
        assert pool.submit(square, 2).result() == 4


def test_what_tasks_write_to_standard_error_is_passed_on(tmp_path: Path) -> None:
    """`std.trace` reaches `echo`, also much of it; of a task that failed nothing but traces."""
    said: list[str] = []
    text = "std.trace('x' + std.repeat('y', 100000), env.project)"
    templates = find_templates(tmp_path, {"a.txt.jsonnet": f"function(env) {text}"})
    panic = find_templates(tmp_path / "2", {"a.txt.jsonnet": f"function(env) {text} + std.set([[1], 2])"})
    with Pool(1, echo=said.append) as pool:
        assert pool.submit(Renderer(templates).render_environment, "x", CONTEXT).result()[0].data == b"shop"
        assert "".join(said) == f"TRACE: templates/a.txt.jsonnet:1 x{'y' * 100000}\n"
        said.clear()
        assert isinstance(pool.submit(Renderer(panic).render_environment, "x", CONTEXT).exception(), InputError)
        assert "panicked" not in "".join(said)


@pytest.mark.parametrize(
    ("name", "template", "message"),
    [
        ("loop.json.jsonnet", "function(env) std.sum(std.range(1, 1000000000))", "processor time"),
        ("memory.json.jsonnet", "function(env) std.length(std.repeat('a', 10000000000))", "MiB of memory"),
        ("nested.json.jsonnet", "function(env) " + "1+" * 20_000 + "1", "SIGSEGV"),
        ("loop.j2", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "processor time"),
        ("memory.j2", "{{ 'a' * 10000000000 }}", "MiB of memory"),
        ("big.j2", "{{ 7 ** 1000000000 }}", "processor time"),
    ],
)  # fmt: skip
def test_a_hostile_template_is_named(tmp_path: Path, name: str, template: str, message: str) -> None:
    """The template and the environment, although only the whole process is seen to die."""
    templates = find_templates(tmp_path, {"good.yaml.jsonnet": "function(env) {}", name: template, "z.j2": "x"})
    with Pool(1, ROOMY) as pool:
        error = pool.submit(Renderer(templates).render_environment, "production", CONTEXT).exception()
    assert isinstance(error, InputError)
    (problem,) = error.problems
    assert (problem.file, problem.subject) == (f"templates/{name}", "environment production")
    assert message in problem.message


def test_a_renderer_can_be_sent(tmp_path: Path) -> None:
    """As a second task it is pickled; it renders the same."""
    renderer = Renderer(find_templates(tmp_path, {"a.txt.jsonnet": "function(env) 'x'", "b.j2": "y"}))
    expected = renderer.render_environment("x", CONTEXT)
    assert pickle.loads(pickle.dumps(renderer)).render_environment("x", CONTEXT) == expected
    with Pool(1) as pool:
        assert pool.submit(square, 1).result() == 1
        assert pool.submit(renderer.render_environment, "x", CONTEXT).result() == expected


PROGRAM = """
import os, sys, time
from hftgen.render.pool import Pool
def loop(note=None):
    os.write(1, b"%d\\n" % os.getpid())
    sum(range(10 ** 12))
with Pool(2) as pool:
    futures = [pool.submit(loop), pool.submit(loop)]
    pool.wait_for(futures[0])
"""


def _alive(process: int) -> bool:
    """Whether it runs; one that nobody reaped does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_survives_its_parent(number: signal.Signals) -> None:
    """Interrupted, terminated or killed: workers deep in native code end at once, not at their time limit."""
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(_alive(worker) for worker in workers)
        parent.send_signal(number)
        parent.wait(timeout=10)
    end = time.monotonic() + 5
    while any(_alive(worker) for worker in workers) and time.monotonic() < end:
        time.sleep(0.01)
    assert not any(_alive(worker) for worker in workers)


def test_leaving_the_block_ends_what_is_still_running() -> None:
    """An exception does not wait for the rest, and no process or descriptor stays."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    start = time.monotonic()
    with contextlib.suppress(ZeroDivisionError), Pool(2) as pool:
        for how in ("loop", "native loop", "loop"):
            pool.submit(misbehave, how)
        raise ZeroDivisionError
    assert time.monotonic() - start < 5
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_worker_that_kept_much_does_no_other_task() -> None:
    """What an engine leaves behind goes with its process; the next task has a new one."""
    kept: list[bytearray] = []

    def grow(size: int) -> int:
        kept.append(bytearray(size))
        return os.getpid()

    with Pool(1, SHORT) as pool:
        one, same, other = (pool.submit(grow, size).result() for size in (1 << 10, 32 << 20, 1 << 10))
    assert one == same != other
