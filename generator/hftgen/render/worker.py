"""A process that does tasks, one at a time. It may be killed by what it does; who started it is told, and lives on."""

import contextlib
import faulthandler
import gc
import os
import pickle
import signal
import struct
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from hftgen.errors import HftgenError
from hftgen.render.bounds import Limits, die_with, is_spent, limit_memory, start_timer, stop_timer

OUT_OF_MEMORY = 77
_LENGTH = struct.Struct("!Q")
_DIE_QUIETLY = (signal.SIGINT, signal.SIGTERM, signal.SIGPROF, signal.SIGPIPE, signal.SIGHUP)


class Note(NamedTuple):
    """What a careful task is about to do: a file and a subject."""

    file: str
    subject: str


class Outcome(NamedTuple):
    """What a task came to: its value or the exception that it raised; and whether its worker should do no other."""

    value: Any
    error: BaseException | None
    spent: bool = False


class Worker:
    """The side of the one that starts it: `run` hands over a task, `read` gives what it says, None at its death.

    `task` is what the process was started for; it is inherited, not sent.
    """

    def __init__(self, task: Callable[..., Any], limits: Limits, siblings: "list[Worker]") -> None:
        self.task = task
        pipes: list[tuple[int, int]] = []
        try:
            pipes += (os.pipe() for _ in range(4))
            self.process = os.fork()
        except OSError:
            _close(*(end for pipe in pipes for end in pipe))
            raise
        tasks, answers, errors, life = pipes
        if self.process == 0:
            _begin(pipes, task, limits, siblings)
        _close(tasks[0], answers[1], errors[1], life[0])
        self._tasks, self.answers, self.errors, self._life = tasks[1], answers[0], errors[0], life[1]
        os.set_blocking(self.errors, False)
        self._text = bytearray()

    def descriptors(self) -> tuple[int, ...]:
        """What the parent holds of it."""
        return self._tasks, self.answers, self.errors, self._life

    def run(self, arguments: bytes) -> None:
        """Hand over a task: pickled (task or None for the inherited one, arguments, careful)."""
        try:
            _write(self._tasks, arguments)
        except BrokenPipeError:
            return  # its death is what `read` will say

    def read(self) -> Note | Outcome | None:
        """Wait for what it says next."""
        frame = _read(self.answers)
        answer: Note | Outcome | None = pickle.loads(frame) if frame is not None else None  # noqa: S301 - our own child
        return answer

    def drain(self) -> None:
        """Take what it wrote to standard error, so that it never waits for us; keeps the last 256 KiB."""
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self.errors, 65536):
                self._text += part
        del self._text[: -(256 << 10)]

    def take_text(self) -> str:
        """What it wrote to standard error since the last time."""
        text = self._text.decode(errors="replace")
        self._text.clear()
        return text

    def end(self, *, kill: bool = True) -> int:
        """Its exit code once it has ended (negative: the signal that killed it)."""
        if kill:
            os.kill(self.process, signal.SIGKILL)
        _, status = os.waitpid(self.process, 0)
        _close(*self.descriptors())
        return os.waitstatus_to_exitcode(status)


def _begin(pipes: list[tuple[int, int]], task: Callable[..., Any], limits: Limits, siblings: list[Worker]) -> NoReturn:
    """The new process: forget what is the parent's, be bounded, work, end."""
    try:
        tasks, answers, errors, life = pipes
        for number in _DIE_QUIETLY:
            signal.signal(number, signal.SIG_DFL)
        _close(tasks[1], answers[0], errors[0], life[1], *(end for worker in siblings for end in worker.descriptors()))
        os.dup2(errors[1], 2)
        faulthandler.disable()
        die_with(life[0])
        size = limit_memory(limits)
        gc.freeze()
        _work(tasks[0], answers[1], task, limits, size)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        os._exit(1)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _work(tasks: int, answers: int, inherited: Callable[..., Any], limits: Limits, size: int) -> None:
    def note(file: str, subject: str) -> None:
        _write(answers, pickle.dumps(Note(file, subject)))

    sent, other = b"", inherited
    while (frame := _read(tasks)) is not None:
        pickled, arguments, careful = pickle.loads(frame)  # noqa: S301 - from our own parent
        if pickled and pickled != sent:
            sent, other = pickled, pickle.loads(pickled)  # noqa: S301 - as above
        start_timer(limits)
        outcome = _do(other if pickled else inherited, arguments, {"note": note} if careful else {})
        frame = _pickle(outcome._replace(spent=is_spent(size, limits)))
        stop_timer()
        _write(answers, frame)
    os._exit(0)


def _do(task: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Outcome:
    try:
        return Outcome(task(*arguments, **options), None)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - it is the caller's, wherever it was raised
        if not isinstance(error, HftgenError):
            error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        return Outcome(None, error)


def _pickle(outcome: Outcome) -> bytes:
    try:
        frame = pickle.dumps(outcome, protocol=5)
        if outcome.error is not None:
            pickle.loads(frame)  # noqa: S301 - an exception may pickle and yet not be made again
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        text = "".join(traceback.format_exception(outcome.error or error))
        return pickle.dumps(Outcome(None, RuntimeError(text), outcome.spent))
    return frame


def _write(descriptor: int, frame: bytes) -> None:
    view = memoryview(_LENGTH.pack(len(frame)) + frame)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int) -> bytes | None:
    """The next frame, or None at the end, be it in the middle of one."""
    head = _read_exactly(descriptor, _LENGTH.size)
    return _read_exactly(descriptor, _LENGTH.unpack(head)[0]) if head else None


def _read_exactly(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = os.read(descriptor, min(size - len(data), 1 << 20))
        if not part:
            return None
        data += part
    return bytes(data)
