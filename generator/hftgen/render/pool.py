"""Worker processes behind the interface of concurrent.futures, for tasks that may crash, hang or eat all memory.

A task that kills its worker costs nobody else anything. It is run once more in a new worker, with the keyword `note`:
then it goes carefully and says before each step what it is about to do, so that the error can name the guilty template.
No threads: work moves while somebody waits for a result.
"""

import pickle
import select
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from hftgen.errors import InputError, MachineError, Problem
from hftgen.render.bounds import TIME_SIGNAL, Limits
from hftgen.render.worker import OUT_OF_MEMORY, Note, Outcome, Worker

Task = Callable[..., Any]


class Future:
    """A task's result to be; only what a Pool needs of concurrent.futures.Future."""

    def __init__(self, pool: "Pool", task: Task, arguments: tuple[Any, ...]) -> None:
        self.task, self.arguments = task, arguments
        self.outcome: Outcome | None = None
        self.careful = False
        self.note = Note("", "")
        self._pool = pool

    def done(self) -> bool:
        """Whether there is a result or an exception."""
        return self.outcome is not None

    def exception(self) -> BaseException | None:
        """Wait; the exception that the task raised (InputError if it was killed), or None."""
        return self._pool.wait_for(self).error

    def result(self) -> Any:
        """Wait; the task's value. Raises what it raised."""
        outcome = self._pool.wait_for(self)
        if outcome.error is not None:
            raise outcome.error
        return outcome.value


class Pool:
    """Up to `jobs` workers within `limits`. `echo` is given what tasks write to standard error (`std.trace`).

    Leaving the `with` block ends all workers at once, whatever they do.
    """

    def __init__(self, jobs: int, limits: Limits = Limits(), echo: Callable[[str], None] | None = None) -> None:  # noqa: B008 - immutable
        self._jobs = max(jobs, 1)
        self._limits = limits
        self._echo = echo
        self._queue: deque[Future] = deque()
        self._busy: dict[Worker, Future] = {}
        self._idle: list[Worker] = []
        self._pickled: tuple[Task | None, bytes] = (None, b"")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    def submit(self, task: Task, *arguments: Any) -> Future:
        """Run `task(*arguments)` in a worker, and `task(*arguments, note=note)` if that killed it.

        Arguments and value are pickled. The task of a pool's first submit is inherited by its workers, so it may be
        anything, and may keep what it computed for the next task of the same worker; another task is pickled.
        """
        future = Future(self, task, arguments)
        self._queue.append(future)
        self._start_queued()
        return future

    def completed(self, futures: Iterable[Future]) -> Iterator[Future]:
        """The futures as they are done (concurrent.futures.as_completed)."""
        waiting = list(futures)
        while waiting:
            done = [future for future in waiting if future.done()]
            waiting = [future for future in waiting if not future.done()]
            yield from done
            if waiting and not done:
                self._step()

    def wait_for(self, future: Future) -> Outcome:
        """Work until the future is done."""
        while future.outcome is None:
            self._step()
        return future.outcome

    def shutdown(self) -> None:
        """End all workers now. What was not done stays undone."""
        self._queue.clear()
        workers = [*self._busy, *self._idle]
        self._busy, self._idle = {}, []
        for worker in workers:
            worker.end()

    def _start_queued(self) -> None:
        while self._queue and (self._idle or len(self._busy) < self._jobs):
            future = self._queue.popleft()
            if not self._idle:
                self._idle.append(self._start_worker(future.task))
            worker = self._idle.pop()
            self._busy[worker] = future
            worker.run(self._pickle(worker, future))

    def _start_worker(self, task: Task) -> Worker:
        try:
            return Worker(task, self._limits, [*self._busy, *self._idle])
        except OSError as error:
            raise MachineError("start", "a worker process", error.strerror or str(error), "try --jobs 1") from None

    def _pickle(self, worker: Worker, future: Future) -> bytes:
        pickled = b""
        if future.task is not worker.task:
            if self._pickled[0] is not future.task:
                self._pickled = (future.task, pickle.dumps(future.task, protocol=5))
            pickled = self._pickled[1]
        return pickle.dumps((pickled, future.arguments, future.careful), protocol=5)

    def _step(self) -> None:
        """Wait until some worker says something, and act on it."""
        poll = select.poll()
        owners = {}
        for worker in self._busy:
            for descriptor in (worker.errors, worker.answers):
                owners[descriptor] = worker
                poll.register(descriptor, select.POLLIN)
        for descriptor, _ in sorted(poll.poll(), key=lambda event: event[0] == owners[event[0]].answers):
            worker = owners[descriptor]
            if descriptor == worker.errors:
                worker.drain()
            else:
                self._take_answer(worker, self._busy[worker])
        self._start_queued()

    def _take_answer(self, worker: Worker, future: Future) -> None:
        answer = worker.read()
        if isinstance(answer, Note):
            future.note = answer
            return
        del self._busy[worker]
        if answer is None:
            self._bury(worker, future)
            return
        future.outcome = answer
        self._tell(worker, complete=answer.error is None)
        if answer.spent:
            worker.end()
        else:
            self._idle.append(worker)

    def _bury(self, worker: Worker, future: Future) -> None:
        """A worker died of its task: try the task once more with care, then give it up."""
        worker.drain()
        code = worker.end(kill=False)
        if not future.careful:
            future.careful = True
            self._queue.appendleft(future)
            return
        problem = _describe_death(code, worker.take_text(), future.note, self._limits)
        future.outcome = Outcome(None, InputError([problem]))

    def _tell(self, worker: Worker, *, complete: bool) -> None:
        """Pass on what a task wrote: all of it, or if it failed its traces alone, without an engine's last words."""
        worker.drain()
        lines = worker.take_text().splitlines(keepends=True)
        text = "".join(line for line in lines if complete or line.startswith("TRACE: "))
        if text and self._echo:
            self._echo(text)


def _describe_death(code: int, text: str, note: Note, limits: Limits) -> Problem:
    file = note.file or "templates"
    if code == -TIME_SIGNAL:
        message = f"was stopped after {limits.seconds:g} s of processor time"
        hint = "look for a loop or a recursion without end"
    elif code == OUT_OF_MEMORY or "memory allocation" in text:
        message = f"needed more than {limits.memory >> 20} MiB of memory"
        hint = "look for a list or text that grows without end"
    else:
        message = f"crashed its process ({_name_exit(code)})"
        hint = "look for a recursion without end, or for thousands of nested brackets or operators"
    return Problem(file, 0, 0, "", message, hint=hint, subject=note.subject)


def _name_exit(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"
