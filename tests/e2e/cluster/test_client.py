"""The client has the patience with a busy API server that client-go has."""

import http.server
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster.client import PATIENCE, Client, RefusedError


class Busy(socketserver.ThreadingUnixStreamServer):
    """A server that asks for patience `times` times, and then answers."""

    times = 0
    asked = 0


class Answering(http.server.BaseHTTPRequestHandler):
    """Counts what it was asked, and is busy as long as its server says."""

    server: Busy

    def do_GET(self) -> None:
        self.server.asked += 1
        busy = self.server.asked <= self.server.times
        self.send_response(429 if busy else 200)
        if busy:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(b'{"message": "storage is (re)initializing"}' if busy else b'{"kind": "Node"}')

    def log_request(self, *args: object) -> None:
        """Tests stay silent."""


@pytest.fixture
def server() -> Iterator[Busy]:
    """A server behind a Unix socket."""
    # Not below tmp_path: a socket's path has at most 108 characters.
    with tempfile.TemporaryDirectory() as folder, Busy(f"{folder}/api", Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_busy_server_is_asked_again(server: Busy) -> None:
    """429 is no refusal: a new CRD's storage answers it until its watch cache is filled."""
    server.times = 3
    assert Client(Path(str(server.server_address))).request("GET", "/api/v1/nodes/a") == {"kind": "Node"}
    assert server.asked == 4


def test_a_server_that_stays_busy_refuses(server: Busy) -> None:
    """Patience ends: what never stops being busy is an error with the server's own words."""
    server.times = PATIENCE
    with pytest.raises(RefusedError, match=r"429: storage is \(re\)initializing"):
        Client(Path(str(server.server_address))).request("GET", "/api/v1/nodes/a")
