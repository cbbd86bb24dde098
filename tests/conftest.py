"""Guards around every test: no network, nobody's home, no repository as working folder, the same examples each time."""

import gc
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Few examples by default, so that the unit tests stay quick; HFTGEN_EXAMPLES=20000 is for a change of what they prove.
hypothesis.settings.register_profile(
    "hftgen",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    max_examples=int(os.environ.get("HFTGEN_EXAMPLES", "50")),
)
hypothesis.settings.load_profile("hftgen")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this repository."""
    return REPOSITORY


@pytest.fixture(scope="session", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Home, caches and the working folder are empty temporary folders, for this process and those it starts."""
    home, work = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(home / name.lower()))
        for name in ("SOURCE_DATE_EPOCH", "NO_COLOR", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        patch.chdir(work)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """A connection to anything but a local Unix socket fails at once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _refuse(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _no_lookup)
        yield


def _refuse(original: Any) -> Any:
    def guarded(self: socket.socket, *args: Any) -> Any:
        if self.family != socket.AF_UNIX:
            message = f"a test reached for the network: {args[-1]}"
            raise PermissionError(message)
        return original(self, *args)

    return guarded


def _no_lookup(host: Any, *_: Any, **__: Any) -> Any:
    message = f"a test looked up a network name: {host}"
    raise PermissionError(message)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` rewrites the expected side of tests/cases, to be reviewed as a diff."""
    parser.addoption("--update", action="store_true", help="rewrite what tests/cases expect")


def pytest_configure() -> None:
    """Git must not read the configuration of whoever runs the tests; Ctrl-C works even where that one ignores it."""
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    # `make test &` in a script makes all that it starts ignore SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What is collected stays: looking through it for garbage, here and in each forked worker, is time lost."""
    gc.collect()
    gc.freeze()
