"""A Prometheus that says what a test tells it to, for the analyses of Argo Rollouts. Listens on loopback only."""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Prometheus:
    """What is answered: the value of the first pattern that a query matches, else no series, as when nobody trades."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._answers: dict[str, float] = {}
        self._asked: list[str] = []
        self._lock = threading.Lock()

    def say(self, answers: Mapping[str, float]) -> None:
        """From now on, and forget what was asked before."""
        with self._lock:
            self._answers = dict(answers)
            self._asked = []

    def asked(self) -> list[str]:
        """The queries since then."""
        with self._lock:
            return list(self._asked)

    def answer(self, query: str) -> float | None:
        """What a query is answered with; None: no series."""
        with self._lock:
            self._asked.append(query)
            return next((value for pattern, value in self._answers.items() if re.search(pattern, query)), None)


@contextmanager
def serve() -> Iterator[Prometheus]:
    """A stand-in at a free port, for as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    prometheus = Prometheus(f"http://127.0.0.1:{server.server_port}")
    server.prometheus = prometheus
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield prometheus
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    prometheus: Prometheus

    def server_bind(self) -> None:
        """As the parent's, without looking up this machine's name."""
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "localhost", self.socket.getsockname()[1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """The API's instant query; a query may stand in the address or in the body."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = {**parse_qs(urlsplit(self.path).query), **parse_qs(body)}
        value = self.server.prometheus.answer(asked["query"][0]) if "query" in asked else None
        series = [] if value is None else [{"metric": {}, "value": [time.time(), str(value)]}]
        answer = {"status": "success", "data": {"resultType": "vector", "result": series}}
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Nothing: what was asked is kept."""
