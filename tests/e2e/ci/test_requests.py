"""Deliveries by merge request: to servers that are well, busy, or refuse."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.e2e.ci.world import TOKEN, World, image
from tests.tools.process import Done
from tests.unit.pipelines.scripts import git

pytestmark = pytest.mark.delivery


class Server(ThreadingHTTPServer):
    """As much of GitLab and GitHub as a delivery asks for; it merges on the second question."""

    world: World
    asked: list[str]
    seen: set[str]
    closed: bool = False
    race: bool = False
    moods: list[int]
    elsewhere: str = ""


class Handler(BaseHTTPRequestHandler):
    """Answers for merge requests and pull requests, number 7."""

    server: Server

    def do_GET(self) -> None:
        if "platform.git" in self.path:
            return self.send()
        if self.server.moods:
            return self.sulk(self.server.moods.pop())
        if "?" in self.path:
            return self.answer([])
        merged = "merge" in self.server.asked
        state = "closed" if self.server.closed else "open" if "pulls" in self.path else "opened"
        return self.answer(
            {"state": "merged" if merged and state == "opened" else state, "merged": merged, "mergeable_state": "clean"}
        )

    def do_POST(self) -> None:
        self.server.asked.append("open")
        if self.server.race:
            self.server.race = False
            self.server.world.deliver("set", "dev", image("b", 3), revision="3" * 40)
        self.answer({"iid": 7, "number": 7, "web_url": "https://x/7", "html_url": "https://x/7"})

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append("merge")
        git(self.server.world.bare, "update-ref", "refs/heads/main", body["sha"])
        self.answer({})

    def send(self) -> None:
        """Send git elsewhere, or refuse it."""
        place = self.server.elsewhere if self.headers["Host"].startswith("localhost") else ""
        if not place:
            self.server.seen.add(self.headers.get("Authorization", ""))
        self.send_response(302 if place else 404)
        if place:
            self.send_header("Location", place + "/info/refs?service=git-upload-pack")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def sulk(self, mood: int) -> None:
        """No answer, an error, a page instead of JSON, or an answer that breaks off."""
        self.send_response(mood if mood > 0 else 200)
        self.send_header("Content-Length", "4" if mood >= 0 else "1000")
        self.end_headers()
        self.wfile.write(b"<ht>")

    def answer(self, value: Any) -> None:
        """Say it as JSON."""
        self.server.seen.update((self.headers.get("PRIVATE-TOKEN", ""), self.headers.get("Authorization", "")))
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Nothing: tests say what they need."""


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    """A server on loopback."""
    running = Server(("127.0.0.1", 0), Handler)
    running.world, running.asked, running.seen, running.moods = world, [], set(), []
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def ask(server: Server, system: str, *arguments: str) -> Done:
    """Deliver by way of a server."""
    address = f"http://127.0.0.1:{server.server_port}"
    return server.world.deliver(*arguments, PLATFORM_SYSTEM=system, PLATFORM_API=address)


@pytest.mark.parametrize("system", ["gitlab", "github"])
def test_a_merge_request_is_merged_at_its_very_commit(server: Server, system: str) -> None:
    """Opened, then merged with the commit that was pushed; the token goes into a header and nowhere else."""
    done = ask(server, system, "set", "dev", "--merge", image("a", 1))
    assert done.code == 0, done.both()
    assert server.asked == ["open", "merge"]
    assert image("a", 1) in server.world.read("specs/dev.yaml")
    assert any(TOKEN in value for value in server.seen)
    assert TOKEN not in done.both()
    assert TOKEN not in server.world.read("specs/dev.yaml", "deliver/dev/" + "1" * 12)


@pytest.mark.parametrize("system", ["gitlab", "github"])
def test_main_that_moves_meanwhile_is_rendered_again(server: Server, system: str) -> None:
    """A delivery of somebody else between request and merge: it is there afterwards too."""
    server.race = True
    done = ask(server, system, "set", "dev", "--merge", image("a", 1))
    assert done.code == 0, done.both()
    assert "rebasing and rendering again" in done.out
    assert server.world.read("rendered/dev/images.txt") == f"a {image('a', 1)}\nb {image('b', 3)}\n"


def test_production_waits_for_approval(server: Server) -> None:
    """Without --merge the request is opened, and main stays."""
    before = git(server.world.bare, "rev-parse", "main")
    done = ask(server, "gitlab", "set", "dev", image("a", 1))
    assert done.code == 0
    assert "waits for approval" in done.out
    assert server.asked == ["open"]
    assert git(server.world.bare, "rev-parse", "main") == before


def test_a_request_that_somebody_closed_fails(server: Server) -> None:
    """A refusal is a result, not something to wait for."""
    server.closed = True
    done = ask(server, "gitlab", "set", "dev", "--merge", image("a", 1))
    assert done.code == 1
    assert "is closed" in done.err


@pytest.mark.parametrize("system", ["gitlab", "github"])
def test_a_busy_server_is_asked_again(server: Server, system: str) -> None:
    """Too many questions, a gateway that restarts: the same question is asked again, and the delivery arrives."""
    server.moods = [429, 502, 500]
    done = ask(server, system, "set", "dev", "--merge", image("a", 1))
    assert done.code == 0, done.both()
    assert server.moods == []
    assert image("a", 1) in server.world.read("specs/dev.yaml")


@pytest.mark.parametrize(("mood", "words"), [(401, "401"), (403, "403"), (0, "the answer is no JSON")])
def test_a_server_that_refuses_is_told_in_its_words(server: Server, mood: int, words: str) -> None:
    """In one line, at once, and without the token."""
    server.moods = [mood] * 20
    done = ask(server, "gitlab", "set", "dev", "--merge", image("a", 1))
    assert done.code == 1
    assert words in done.err
    assert "Traceback" not in done.err
    assert TOKEN not in done.both()
    assert len(server.moods) == 19


def test_a_job_without_a_token_is_told(server: Server) -> None:
    """In one line, before anything is cloned."""
    address = f"http://127.0.0.1:{server.server_port}"
    env = {"PLATFORM_SYSTEM": "gitlab", "PLATFORM_API": address, "PLATFORM_TOKEN": ""}
    done = server.world.deliver("set", "dev", image("a", 1), **env)
    assert done.code == 1
    assert done.err.startswith("deliver: PLATFORM_TOKEN is not set")


def test_a_server_that_hangs_up_is_no_traceback(server: Server) -> None:
    """An answer that breaks off is asked for again, then told."""
    server.moods = [-1] * 20
    done = ask(server, "github", "set", "dev", "--merge", image("a", 1))
    assert done.code == 1
    assert "Traceback" not in done.err
    assert len(server.moods) == 16


def test_git_shows_its_token_to_the_platform_alone(server: Server) -> None:
    """The header goes where the specs are, and to no other address that git may be sent to."""
    address = f"http://127.0.0.1:{server.server_port}/trading/platform.git"
    done = server.world.deliver("set", "dev", image("a", 1), PLATFORM_URL=address)
    assert done.code == 1
    assert any(value.startswith("Basic ") for value in server.seen)
    server.seen.clear()
    server.elsewhere = address
    other = address.replace("127.0.0.1", "localhost")
    assert server.world.deliver("set", "dev", image("a", 1), PLATFORM_URL=other).code == 1
    assert [value for value in server.seen if value] == []
