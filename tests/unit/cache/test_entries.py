"""Entries on disk: damaged, copied, shared, not writable, too many."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hftgen import cache as module
from hftgen.cache import Cache, Inputs, describe_installation
from hftgen.digest import fingerprint
from hftgen.reading import read_tree
from tests.unit.cache.support import FILES, READ, Site


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
