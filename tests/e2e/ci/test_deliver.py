"""Deliveries: commits to a real repository, two at once too, ways back, and nothing of the token anywhere."""

import threading

import pytest

from tests.e2e.ci.world import TOKEN, World, image
from tests.tools.process import Done
from tests.unit.pipelines.scripts import git

pytestmark = pytest.mark.delivery


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
