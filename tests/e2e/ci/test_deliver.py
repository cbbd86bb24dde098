"""Deliveries: merge requests to a real repository, two at once too, and nothing of the token anywhere."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools.process import Done
from tests.unit.pipelines.scripts import SCRIPTS, git, start

pytestmark = pytest.mark.delivery

TOKEN = "glpat-must-not-be-seen"

# What renders here: it writes the spec's images, so that a tree that belongs to another spec is seen.
TOOL = """
import json, pathlib, sys, yaml
base = pathlib.Path("base.yaml")
inherited = yaml.safe_load(base.read_text()) if base.exists() else {}
def load(spec):
    services = yaml.safe_load(spec.read_text())["services"]
    return {name: inherited.get(name, {}) | service for name, service in services.items()}
if sys.argv[1] == "render":
    for spec in pathlib.Path("specs").glob("*.yaml"):
        folder = pathlib.Path("rendered") / spec.stem
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "images.txt").write_text("".join(f"{k} {v['image']}\\n" for k, v in sorted(load(spec).items())))
else:
    print(json.dumps({"services": load(pathlib.Path(f"specs/{sys.argv[3]}.yaml"))}))
"""
SPEC = "# the target\nservices:\n  a: {image: 'r/a:v0@sha256:%s'}\n  b:\n    image: r/b:v0@sha256:%s # ours\n"


def image(name: str, digit: int) -> str:
    """A reference with a digest."""
    return f"r/{name}:v{digit}@sha256:{str(digit) * 64}"


class World:
    """A bare repository of specs, a repository of sources, and the scripts beside their facts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.source = folder / "platform.git", folder / "source"
        self.tool = folder / "tool.py"
        self.tool.write_text(TOOL, encoding="utf-8")
        git(folder, "init", "--quiet", "--bare", str(self.bare))
        work = folder / "work"
        git(folder, "clone", "--quiet", str(self.bare), str(work))
        (work / "specs").mkdir()
        (work / "specs" / "dev.yaml").write_text(SPEC % ("0" * 64, "0" * 64), encoding="utf-8")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "specs")
        git(work, "push", "--quiet", "origin", "HEAD:main")
        git(folder, "init", "--quiet", str(self.source))
        scripts = folder / "ci" / "scripts"
        scripts.mkdir(parents=True)
        for file in SCRIPTS.glob("*.py"):
            (scripts / file.name).write_bytes(file.read_bytes())
        target = {"name": "dev", "windows": [], "applications": [], "checks": [], "notes": "frozen at times"}
        platform = {"url": "unused", "server": "unused", "project": "trading/platform", "branch": "main"}
        facts = {"platform": platform, "environments": [target]}
        (folder / "ci" / "delivery.json").write_text(json.dumps(facts), encoding="utf-8")

    def commit(self, text: str) -> str:
        """A commit of the sources."""
        (self.source / "code").write_text(text, encoding="utf-8")
        git(self.source, "add", "--all")
        git(self.source, "commit", "--quiet", "--message", text)
        return git(self.source, "rev-parse", "HEAD").strip()

    def deliver(self, *arguments: str, revision: str = "1" * 40, **env: str) -> Done:
        """Run the script."""
        said = {
            "PLATFORM_URL": str(self.bare),
            "PLATFORM_SYSTEM": "plain",
            "PLATFORM_TOKEN": TOKEN,
            "REVISION": revision,
            "SPEC_TOOL": f"python3 {self.tool}",
            "MERGE_WAIT": "0.05",
            "WEB_PAUSE": "0.01",
            **env,
        }
        return start(self.folder / "ci" / "scripts" / "deliver.py", *arguments, cwd=self.source, env=said)

    def write(self, spec: dict[str, Any], base: dict[str, Any]) -> None:
        """Another spec, which inherits services."""
        work = self.folder / "work"
        (work / "specs" / "dev.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
        (work / "base.yaml").write_text(yaml.safe_dump(base), encoding="utf-8")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "another spec")
        git(work, "push", "--quiet", "origin", "HEAD:main")

    def read(self, path: str, revision: str = "main") -> str:
        """A file of the platform's repository."""
        return git(self.bare, "show", f"{revision}:{path}")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A platform with one target."""
    return World(tmp_path)


def test_an_image_is_delivered_with_what_is_rendered_of_it(world: World) -> None:
    """One commit holds the spec's line and the rendered tree; it names target and source."""
    done = world.deliver("set", "dev", image("b", 1))
    assert done.code == 0, done.both()
    assert f"    image: {image('b', 1)} # ours" in world.read("specs/dev.yaml")
    assert world.read("rendered/dev/images.txt").splitlines()[1] == f"b {image('b', 1)}"
    message = git(world.bare, "log", "-1", "--format=%B", "main")
    assert "Delivered-To: dev" in message
    assert f"Source-Revision: {'1' * 40}" in message
    assert world.deliver("set", "dev", image("b", 1)).out.strip().endswith("nothing to do")


def test_references_come_from_files(world: World) -> None:
    """What the publishing jobs left is read; several images are one delivery."""
    (world.source / "a.ref").write_text(image("a", 1) + "\n", encoding="utf-8")
    (world.source / "b.ref").write_text(image("b", 1) + "\n", encoding="utf-8")
    before = git(world.bare, "rev-list", "--count", "main")
    assert world.deliver("set", "dev", "a.ref", "b.ref").code == 0
    assert int(git(world.bare, "rev-list", "--count", "main")) == int(before) + 1


def test_two_at_once_both_arrive(world: World) -> None:
    """Whoever loses the race begins anew from the newest main: both images are there, and the tree is the spec's."""
    results: list[Done] = []
    threads = [
        threading.Thread(target=lambda name=name: results.append(world.deliver("set", "dev", image(name, 1))))
        for name in ("a", "b")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.code for done in results] == [0, 0], [done.both() for done in results]
    assert world.read("rendered/dev/images.txt") == f"a {image('a', 1)}\nb {image('b', 1)}\n"
    assert git(world.bare, "log", "--merges", "--format=%H", "main") == ""


def test_a_way_back_brings_the_images_before(world: World) -> None:
    """The last delivery to this target is undone, whatever else came after it; it is a commit like any other."""
    world.deliver("set", "dev", image("a", 1))
    world.deliver("set", "dev", image("a", 2), revision="2" * 40)
    done = world.deliver("rollback", "dev", revision="2" * 40)
    assert done.code == 0, done.both()
    assert image("a", 1) in world.read("specs/dev.yaml")
    assert world.read("rendered/dev/images.txt").splitlines()[0] == f"a {image('a', 1)}"


def test_nothing_to_go_back_to_is_said(world: World) -> None:
    """A target that no pipeline ever delivered to has no way back by this script."""
    done = world.deliver("rollback", "dev")
    assert done.code == 1
    assert "nothing was ever delivered to dev" in done.err


def test_a_slow_pipeline_brings_no_old_version_back(world: World) -> None:
    """What holds less than what was delivered already is not delivered."""
    old, new = world.commit("old"), world.commit("new")
    assert world.deliver("set", "dev", image("a", 2), revision=new).code == 0
    done = world.deliver("set", "dev", image("a", 1), revision=old)
    assert done.code == 0
    assert "was delivered already" in done.out
    assert image("a", 2) in world.read("specs/dev.yaml")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "dev", "r/a:v1"), "has no digest"),
        (("set", "dev", image("nobody", 1)), "no service of dev runs"),
        (("set", "elsewhere", image("a", 1)), "there are dev"),
        (("set", "dev"), "`set` needs images"),
        (("rollback", "dev", image("a", 1)), "`rollback` takes none"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, arguments: tuple[str, ...], words: str) -> None:
    """With the reason, before anything is pushed."""
    before = git(world.bare, "rev-parse", "main")
    done = world.deliver(*arguments)
    assert done.code != 0
    assert words in done.err
    assert git(world.bare, "rev-parse", "main") == before


def test_a_server_that_is_gone_is_no_race(world: World) -> None:
    """Only a push that came second is tried again; git's own words are told, and the token is not."""
    done = world.deliver("set", "dev", image("a", 1), PLATFORM_URL=str(world.folder / "nowhere"))
    assert done.code == 1
    assert "nowhere" in done.err
    assert TOKEN not in done.both()


def test_a_way_back_is_taken_once(world: World) -> None:
    """A job that a runner tries again must not bring back what it took away."""
    world.deliver("set", "dev", image("a", 1))
    world.deliver("set", "dev", image("a", 2), revision="2" * 40)
    assert world.deliver("rollback", "dev", revision="2" * 40).code == 0
    again = world.deliver("rollback", "dev", revision="3" * 40)
    assert again.code == 0, again.both()
    assert "is a way back already" in again.out
    assert image("a", 1) in world.read("specs/dev.yaml")


def test_a_way_back_says_nothing_of_what_was_built(world: World) -> None:
    """It may be started from any commit; an older one that was never delivered comes through afterwards."""
    released, head = world.commit("released"), world.commit("head")
    assert world.deliver("set", "dev", image("a", 1), revision="1" * 40).code == 0
    assert world.deliver("rollback", "dev", revision=head).code == 0
    done = world.deliver("set", "dev", image("a", 2), revision=released)
    assert done.code == 0, done.both()
    assert image("a", 2) in world.read("specs/dev.yaml")


def test_a_way_back_brings_inherited_images_too(world: World) -> None:
    """A first delivery writes what the spec inherited; the way back is whole, or half of the system would be old."""
    world.write({"services": {"a": {"image": image("a", 0)}, "b": {"replicas": 2}}}, {"b": {"image": image("b", 0)}})
    assert world.deliver("set", "dev", image("a", 1), image("b", 1)).code == 0
    done = world.deliver("rollback", "dev")
    assert done.code == 0, done.both()
    assert world.read("rendered/dev/images.txt") == f"a {image('a', 0)}\nb {image('b', 0)}\n"


def test_a_way_back_leaves_what_others_changed(world: World) -> None:
    """Only what that delivery brought is taken away; an image that somebody set while it waited stays."""
    world.deliver("set", "dev", image("a", 1))
    git(world.folder / "work", "pull", "--quiet", "origin", "main")
    git(world.folder / "work", "checkout", "--quiet", "-b", "waiting")
    spec = world.folder / "work" / "specs" / "dev.yaml"
    waiting = spec.read_text(encoding="utf-8")
    git(world.folder / "work", "checkout", "--quiet", "-B", "main", "origin/main")
    spec.write_text(waiting.replace("r/b:v0@sha256:" + "0" * 64, image("b", 5)), encoding="utf-8")
    git(world.folder / "work", "commit", "--quiet", "--all", "--message", "by hand")
    by_hand = git(world.folder / "work", "rev-parse", "HEAD").strip()
    git(world.folder / "work", "checkout", "--quiet", "waiting")
    spec.write_text(waiting.replace(image("a", 1), image("a", 2)), encoding="utf-8")
    trailers = f"Delivered-To: dev\nSource-Revision: {'2' * 40}"
    git(world.folder / "work", "commit", "--quiet", "--all", "--message", "deploy", "--message", trailers)
    git(world.folder / "work", "checkout", "--quiet", "main")
    git(world.folder / "work", "merge", "--quiet", "--no-ff", "--no-edit", "waiting")
    git(world.folder / "work", "push", "--quiet", "origin", "HEAD:main")
    assert by_hand
    done = world.deliver("rollback", "dev")
    assert done.code == 0, done.both()
    assert world.read("rendered/dev/images.txt") == f"a {image('a', 1)}\nb {image('b', 5)}\n"


def test_the_last_delivery_is_what_was_merged_last(world: World) -> None:
    """A request that waited for days is older by its date, and yet the last one that came."""
    work = world.folder / "work"
    for name, digit, day in (("a", 1, "2026-01-05"), ("b", 1, "2026-01-06")):
        git(work, "checkout", "--quiet", "-B", name, "origin/main")
        spec = work / "specs" / "dev.yaml"
        text = spec.read_text(encoding="utf-8").replace(f"r/{name}:v0@sha256:" + "0" * 64, image(name, digit))
        spec.write_text(text, encoding="utf-8")
        trailers = f"Delivered-To: dev\nSource-Revision: {str(digit) * 40}"
        git(work, "commit", "--quiet", "--all", f"--date={day}T12:00:00Z", "--message", "x", "--message", trailers)
    git(work, "checkout", "--quiet", "-B", "main", "origin/main")
    for name in ("b", "a"):
        git(work, "merge", "--quiet", "--no-ff", "--no-edit", name)
    git(work, "push", "--quiet", "origin", "HEAD:main")
    done = world.deliver("rollback", "dev")
    assert done.code == 0, done.both()
    assert world.read("rendered/dev/images.txt") == f"a {'r/a:v0@sha256:' + '0' * 64}\nb {image('b', 1)}\n"


def test_a_checkout_without_its_history_delivers_nothing_over_a_delivery(world: World) -> None:
    """Whether a commit is older than what runs cannot be told there: it is an error, and no guess."""
    old, new = world.commit("old"), world.commit("new")
    assert world.deliver("set", "dev", image("a", 2), revision=new).code == 0
    git(world.source, "checkout", "--quiet", "--detach", old)
    shallow = world.folder / "shallow"
    git(world.folder, "clone", "--quiet", "--depth=1", f"file://{world.source}", str(shallow))
    world.source = shallow
    done = world.deliver("set", "dev", image("a", 1), revision=old)
    assert done.code == 1
    assert "the whole history" in done.err
    assert image("a", 2) in world.read("specs/dev.yaml")


def test_a_rewritten_history_is_delivered(world: World) -> None:
    """What was delivered is in no history any more; then the newest commit is what counts."""
    world.commit("first")
    gone = world.commit("gone")
    assert world.deliver("set", "dev", image("a", 1), revision=gone).code == 0
    git(world.source, "reset", "--quiet", "--hard", "HEAD~1")
    git(world.source, "reflog", "expire", "--expire=now", "--all")
    git(world.source, "gc", "--quiet", "--prune=now")
    done = world.deliver("set", "dev", image("a", 2), revision=world.commit("anew"))
    assert done.code == 0, done.both()
    assert image("a", 2) in world.read("specs/dev.yaml")


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
