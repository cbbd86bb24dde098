"""The cache can cost time; it can never make a wrong output: what makes an entry hold."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hftgen import cache as module
from hftgen.cache import Cache, Inputs
from hftgen.tree.target import MARKER
from tests.unit.cache.support import FILES, PAYLOAD, READ, Site


def test_nothing_changed(site: Site) -> None:
    """An environment that nobody touched is found, with its payload and the number of its files."""
    entry = site.find()
    assert entry is not None
    assert entry.payload == PAYLOAD
    assert sorted(entry.files) == sorted([*FILES, MARKER])
    assert entry.stamps


def test_a_hit_reads_no_output(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """While stamps agree no output is opened."""
    monkeypatch.setattr(module, "_restamp", lambda *_: pytest.fail("read again"))
    assert site.find()


def test_a_first_and_a_second_render(site: Site) -> None:
    """A render that changed nothing makes an entry too, and stamps that are believed at once."""
    site.entry.unlink()
    assert site.render()
    entry = site.find()
    assert entry is not None
    assert entry.stamps


def _edit(site: Site) -> None:
    (site.folder / "README.md").write_bytes(b"TEXT\n")


def _edit_and_hide(site: Site) -> None:
    status = (site.folder / "README.md").stat()
    _edit(site)
    os.utime(site.folder / "README.md", ns=(status.st_atime_ns, status.st_mtime_ns))


def _replace(site: Site) -> None:
    (site.folder / "new").write_bytes(b"TEXT\n")
    (site.folder / "new").replace(site.folder / "README.md")


def _remove(site: Site) -> None:
    (site.folder / "base/b.yaml").unlink()


def _add(site: Site) -> None:
    (site.folder / "base/engine/foreign").write_bytes(b"")


def _add_folder(site: Site) -> None:
    (site.folder / "base/empty").mkdir()


def _add_link(site: Site) -> None:
    (site.folder / "base/link").symlink_to("b.yaml")


def _make_executable(site: Site) -> None:
    (site.folder / "README.md").chmod(0o755)


def _link_file(site: Site) -> None:
    (site.folder / "README.md").rename(site.root / "away")
    (site.folder / "README.md").symlink_to(site.root / "away")


def _link_folder(site: Site) -> None:
    (site.folder / "base").rename(site.root / "away")
    (site.folder / "base").symlink_to(site.root / "away")


def _link_environment(site: Site) -> None:
    site.folder.rename(site.root / "away")
    site.folder.symlink_to(site.root / "away")


def _remove_marker(site: Site) -> None:
    (site.folder / MARKER).unlink()


def _remove_environment(site: Site) -> None:
    shutil.rmtree(site.folder)


OUTPUT_CHANGES = [
    _edit,
    _edit_and_hide,
    _replace,
    _remove,
    _add,
    _add_folder,
    _add_link,
    _make_executable,
    _link_file,
    _link_folder,
    _link_environment,
    _remove_marker,
    _remove_environment,
]


@pytest.mark.parametrize("change", OUTPUT_CHANGES)
def test_a_change_of_the_output_is_noticed(change: Callable[[Site], None], site: Site) -> None:
    """Whatever somebody does to the rendered files, a render looks at them again, and again."""
    change(site)
    assert site.find() is None
    assert site.find() is None


@pytest.mark.parametrize("change", [change for change in OUTPUT_CHANGES if change is not _edit_and_hide])
def test_a_change_before_it_was_remembered(
    change: Callable[[Site], None], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody does between the files' writing and the entry's is noticed too, unless he sets back an mtime."""
    site.entry.unlink()
    original = Cache._settle

    def settle(cache: Cache) -> int:
        change(site)
        return original(cache)

    monkeypatch.setattr(Cache, "_settle", settle)
    assert not site.render()
    assert site.find() is None


def test_a_change_of_the_input_is_noticed(site: Site) -> None:
    """A changed, vanished or unreadable input, and anything common, is a miss; the same bytes again are a hit."""
    spec = site.root / "specs/base.yaml"
    spec.write_bytes(b"tier: y\n")
    assert site.find() is None
    spec.unlink()
    assert site.find() is None
    spec.mkdir()
    assert site.find() is None
    spec.rmdir()
    spec.write_bytes(READ["specs/base.yaml"])
    assert site.find()
    assert site.find("other templates") is None


def test_inputs_are_read_once(site: Site) -> None:
    """Environments that share a file read it once."""
    inputs = Inputs(site.root)
    first = inputs.digest("specs/base.yaml")
    (site.root / "specs/base.yaml").unlink()
    assert inputs.digest("specs/base.yaml") == first


def test_touched_files_are_read_again(site: Site) -> None:
    """New times over the same content are a hit, and the entry learns them."""
    before = site.find()
    for path in site.folder.rglob("*.yaml"):
        path.touch()
    after = site.find()
    assert before is not None
    assert after is not None
    again = site.open().load("production")
    assert again is not None
    assert again.stamps != before.stamps
    assert again._replace(stamps="") == before._replace(stamps="")


def test_a_fresh_clone_with_its_cache(site: Site, tmp_path: Path) -> None:
    """A tree that was removed and copied back is read again and believed; copied to another path it is not known."""
    shutil.copytree(site.output, tmp_path / "copy")
    shutil.rmtree(site.output)
    shutil.copytree(tmp_path / "copy", site.output)
    assert site.find()
    assert Cache(site.cache_folder, tmp_path / "copy").find("production", "common", Inputs(site.root)) is None


def test_times_within_a_tick_prove_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the clock did not go on since the last write, the stamps are left out, and contents are read each time."""
    monkeypatch.setattr(module, "filesystem_now", lambda _: 1)
    site.entry.unlink()
    assert site.render()
    assert site.find()
    entry = site.open().load("production")
    assert entry is not None
    assert entry.stamps == ""
    _edit_and_hide(site)
    assert site.find() is None
