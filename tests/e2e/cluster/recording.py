"""Every state that an object was in, from a watch: what is looked at now and then may miss one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tests.e2e.cluster.client import Client, Manifest, Watch

T = TypeVar("T")


class Recording:
    """The states so far, oldest first."""

    def __init__(self) -> None:
        self._states: list[Manifest] = []

    def read(self, watch: Watch) -> None:
        """All states until the watch is ended."""
        self._states.extend(watch)

    def trace(self, look: Callable[[Manifest], T]) -> list[T]:
        """What `look` saw in each state, without repetitions in a row."""
        seen: list[T] = []
        for state in list(self._states):
            value = look(state)
            if not seen or seen[-1] != value:
                seen.append(value)
        return seen


@contextmanager
def record(client: Client, manifest: Manifest) -> Iterator[Recording]:
    """Record an object for as long as the block lasts."""
    watch, recording = client.watch(manifest), Recording()
    thread = threading.Thread(target=recording.read, args=(watch,), daemon=True)
    thread.start()
    try:
        yield recording
    finally:
        watch.end()
        thread.join()
