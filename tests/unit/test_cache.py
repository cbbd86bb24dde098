"""The cache can cost time; it can never make a wrong output."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from hftgen import cache as module
from hftgen.cache import Cache, Entry, Inputs, describe_installation
from hftgen.digest import fingerprint
from hftgen.reading import read_tree
from hftgen.tree.changes import compare
from hftgen.tree.lock import lock
from hftgen.tree.target import MARKER
from hftgen.tree.transaction import apply

FILES: Mapping[str, bytes] = {"README.md": b"text\n", "base/engine/a.yaml": b"a: 1\n", "base/b.yaml": b""}
READ = {"specs/production.yaml": b"environment: production\n", "specs/base.yaml": b"tier: x\n"}
PAYLOAD = [["HFT-N01", "warning", 3], None, {"text": "Grüße"}]


class Site(NamedTuple):
    """A repository with one rendered environment, and its cache."""

    root: Path

    @property
    def output(self) -> Path:
        """The output folder."""
        return self.root / "rendered"

    @property
    def folder(self) -> Path:
        """The environment's folder."""
        return self.output / "production"

    @property
    def entry(self) -> Path:
        """The only file in the cache."""
        (path,) = self.cache_folder.iterdir()
        return path

    @property
    def cache_folder(self) -> Path:
        """The cache."""
        return self.root / "cache"

    def open(self) -> Cache:
        """The cache as a new process opens it."""
        return Cache(self.cache_folder, self.output)

    def find(self, common: str = "common") -> Entry | None:
        """What a new process finds."""
        return self.open().find("production", common, Inputs(self.root))

    def render(self, *, save: bool = True) -> bool:
        """Write the outputs and make the entry."""
        with lock(self.output):
            changes = compare(self.output, {"production": FILES})
            stamps = apply(self.output, changes, {"production": FILES})["production"]
            return save and self.open().save(
                "production", "common", inputs=READ, files=FILES, stamps=stamps, payload=PAYLOAD
            )


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose environment was rendered and remembered."""
    site = Site(tmp_path)
    for name, data in READ.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert site.render()
    return site


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


def test_every_damage_is_a_miss(site: Site) -> None:
    """With any byte of the entry changed, or cut anywhere, it is not believed: also not where it would be right."""
    data = site.entry.read_bytes()
    path = site.entry
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1 << place % 8
        for content in (bytes(damaged), data[:place]):
            path.write_bytes(content)
            assert site.open().load("production") is None
    path.write_bytes(data + b"\n")
    assert site.find() is None
    path.write_bytes(data)
    assert site.find()


def test_another_version_of_hftgen(site: Site) -> None:
    """An entry in another format is a miss, and is replaced by the next render."""
    data = site.entry.read_bytes()
    for other in (data.replace(b"cache 1", b"cache 2", 1), b"", b"{}", b"\xff\n\n"):
        site.entry.write_bytes(other)
        assert site.find() is None
    site.render()
    assert site.find()


@pytest.mark.parametrize("fields", [{}, {"surplus": 1}, {"environment": "staging"}, {"output": "/elsewhere"}])
def test_a_sound_file_with_another_content(fields: dict[str, object], site: Site) -> None:
    """An entry that is well formed, but none, or another's, is a miss."""
    entry = site.find()
    assert entry is not None
    site.open()._write("production", {**entry._asdict(), **fields} if fields else {})
    assert site.find() is None


def test_an_entry_under_another_name(site: Site) -> None:
    """An entry copied over another environment's is not believed."""
    site.open()._write("staging", {})
    (other,) = [path for path in site.cache_folder.iterdir() if path.stat().st_size < 100]
    (right,) = [path for path in site.cache_folder.iterdir() if path != other]
    shutil.copy(right, other)
    assert site.open().load("staging") is None


def test_deleted_at_any_time(site: Site) -> None:
    """A cache that is deleted is a miss, and made anew, for its user alone."""
    shutil.rmtree(site.cache_folder)
    assert site.find() is None
    assert site.render()
    assert site.find()
    assert site.cache_folder.stat().st_mode & 0o777 == 0o700
    assert site.entry.stat().st_mode & 0o777 == 0o600


def test_a_cache_that_cannot_be_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full or read-only disk, or a file in the cache's place, is no error: there is no entry, and nothing is left."""
    shutil.rmtree(site.cache_folder)
    monkeypatch.setattr(module, "_write_file", _refuse)
    assert not site.render()
    assert list(site.cache_folder.iterdir()) == []
    site.cache_folder.rmdir()
    site.cache_folder.write_text("a file")
    assert not site.render()
    assert site.find() is None


def _refuse(path: str, _: bytes) -> None:
    Path(path).write_bytes(b"half")
    raise OSError(28, "No space left on device", path)


def test_no_cache(site: Site) -> None:
    """Without a folder nothing is kept and nothing is found."""
    cache = Cache(None, site.output)
    assert cache.find("production", "common", Inputs(site.root)) is None
    assert not cache.save("production", "common", inputs=READ, files=FILES, stamps={})
    assert not cache.remember("note", "key", 1)
    assert cache.recall("note", "key") is None
    assert len(list(site.cache_folder.iterdir())) == 1


def test_a_cache_that_others_can_write(site: Site) -> None:
    """Entries that another user could have written are not believed, and none are added."""
    site.cache_folder.chmod(0o777)
    assert site.find() is None
    assert not site.render()
    site.cache_folder.chmod(0o755)
    assert site.find()


def test_notes(site: Site) -> None:
    """A note is recalled for its key and output folder alone."""
    cache = site.open()
    assert cache.remember("environments", "key", ["a", "b"])
    assert site.open().recall("environments", "key") == ["a", "b"]
    assert site.open().recall("environments", "other") is None
    assert site.open().recall("production", "key") is None
    assert Cache(site.cache_folder, site.root).recall("environments", "key") is None
    assert site.open().load("note environments") is None


def test_old_entries_go(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache with too many entries loses the older half; other files in it stay."""
    monkeypatch.setattr(module, "MOST_ENTRIES", 6)
    (site.cache_folder / "foreign.txt").write_text("mine")
    for number in range(8):
        site.open().remember(str(number), "key", number)
        os.utime(site.open()._path(f"note {number}"), ns=(number, number))
    site.render()
    assert [site.open().recall(str(number), "key") for number in range(8)] == [None] * 5 + [5, 6, 7]
    assert (site.cache_folder / "foreign.txt").exists()
    assert site.find()


def test_the_installation_is_part_of_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python, the code itself and the versions of all packages are told; a changed package tells something else."""
    before = describe_installation()
    names = dict(before)
    assert names["python"] == sys.version.encode()
    assert {"cache.py", "tree/lock.py", "data/machines.yaml"} <= names.keys()
    assert not any("__pycache__" in name or name.startswith(".") for name in names)
    assert b"pydantic-" in names["packages"]
    assert describe_installation() == before
    (tmp_path / "rjsonnet-0.9.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(tmp_path / "absent.zip")])
    assert describe_installation() != before


def test_a_hit_imports_next_to_nothing(site: Site) -> None:
    """Finding an entry loads no YAML, no models, no templates, and none of the slow parts of the standard library."""
    program = (
        "import sys; before = set(sys.modules); from hftgen.cache import *; from hftgen.tree.target import is_busy;"
        f"assert Cache({str(site.cache_folder)!r}, {str(site.output)!r})"
        f".find('production', 'common', Inputs({str(site.root)!r}));"
        "print(*sorted(set(sys.modules) - before))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(answer.stdout.split())
    slow = {"yaml", "pydantic", "jinja2", "click", "pathlib", "tempfile", "shutil", "hashlib", "subprocess", "random"}
    assert "hftgen.cache" in loaded
    assert not loaded & {*slow, "importlib.metadata", "urllib.parse", "hftgen.tree.transaction", "hftgen.spec"}


def test_reading_templates_for_the_key(tmp_path: Path) -> None:
    """What goes into the key of templates changes with a file's name, content and place."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x").write_bytes(b"1")
    seen = {fingerprint(read_tree(tmp_path))}
    (tmp_path / "a/x").rename(tmp_path / "a/y")
    seen.add(fingerprint(read_tree(tmp_path)))
    (tmp_path / "a/y").rename(tmp_path / "y")
    seen.add(fingerprint(read_tree(tmp_path)))
    (tmp_path / "y").write_bytes(b"2")
    seen.add(fingerprint(read_tree(tmp_path)))
    assert len(seen) == 4
