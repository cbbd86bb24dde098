"""What is read back from a journal: a damaged or planted one harms nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from hftgen.digest import digest
from hftgen.errors import MachineError
from hftgen.tree.journal import VERSION, decode, encode, plan
from hftgen.tree.lock import lock
from hftgen.tree.target import STAGING
from hftgen.tree.transaction import recover
from tests.unit.tree.support import NEW, OLD, compare_all, is_clean, render, snapshot


def _plant(output: Path, **fields: Any) -> None:
    """Leave a journal as an interrupted render would; one staged file, `0`."""
    body = json.dumps({"version": VERSION, "puts": {}, "drops": [], "staged": {}, **fields}).encode()
    (output / STAGING / "new").mkdir(parents=True)
    (output / STAGING / "new" / "0").write_bytes(b"planted")
    (output / STAGING / "journal").write_bytes(digest(body).encode() + b"\n" + body)


def _recover(output: Path) -> str | None:
    with lock(output):
        return recover(output)


def test_there_and_back(tmp_path: Path) -> None:
    """A journal is read back as it was written."""
    render(tmp_path, OLD)
    journal, spots = plan(compare_all(tmp_path, NEW))
    journal = journal._replace(staged=dict.fromkeys(spots.values(), (1, 2, 3)))
    again = decode(encode(journal))
    assert again is not None
    assert (again.puts, again.drops) == (journal.puts, journal.drops)
    assert {spot: tuple(stamp) for spot, stamp in again.staged.items()} == journal.staged
    assert {journal.find_target(spot) for spot in spots.values()} == set(spots)


def test_every_damage_is_seen(tmp_path: Path) -> None:
    """A journal with any byte changed, or cut anywhere, is not believed."""
    render(tmp_path, OLD)
    data = encode(plan(compare_all(tmp_path, NEW))[0])
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x20
        assert decode(bytes(changed)) is None
        assert decode(data[:place]) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"drops": ["../victim"]},
        {"drops": ["production/../../victim"]},
        {"drops": [".git"]},
        {"drops": [""]},
        {"puts": {"0": "../victim/file"}},
        {"puts": {"0": "/etc/victim"}},
        {"puts": {"../../../victim/file": "production/file"}},
        {"puts": {"0": "production/x"}, "staged": {"../x": [0, 0, 0]}},
        {"version": VERSION + 1, "drops": ["production"]},
        {"drops": 7},
        {"puts": []},
        {"puts": {"0": 7}},
        {"puts": {"0": "production/x"}, "staged": {"0": []}},
        {"puts": {"0": "production/x"}, "staged": {"0": "abc"}},
        {"staged": {"9": [0, 0, 0]}},
        {"surplus": 1, "drops": [None]},
    ],
    ids=str,
)
def test_a_journal_that_no_render_wrote(fields: dict[str, Any], tmp_path: Path) -> None:
    """What would reach out of the environments, or is of another version, is dropped whole, and said."""
    output = tmp_path / "rendered"
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "file").write_text("precious")
    render(output, OLD)
    before = snapshot(tmp_path)
    _plant(output, **fields)
    assert "render again" in str(_recover(output))
    assert snapshot(tmp_path) == before


def test_a_journal_against_a_folder_of_somebody_else(tmp_path: Path) -> None:
    """A planted journal cannot touch a folder without marker, or beyond a link: exit 4, nothing done."""
    output = tmp_path / "rendered"
    render(output, OLD)
    (output / "notes").mkdir()
    (output / "notes" / "a.txt").write_text("precious")
    (output / "production" / "link").symlink_to(tmp_path)
    (output / "loose").symlink_to(tmp_path)
    before = snapshot(tmp_path)
    for path in ("notes", "notes/a.txt", "production/link/x", "loose/x"):
        _plant(output, puts={"0": path}, staged={"0": [0, 7, 0]})
        with pytest.raises(MachineError):
            _recover(output)
        for name in ("journal", "new/0", "lock", ".gitignore"):
            (output / STAGING / name).unlink(missing_ok=True)
        (output / STAGING / "new").rmdir()
        (output / STAGING).rmdir()
        assert snapshot(tmp_path) == before


def test_a_staged_file_that_a_power_cut_emptied(tmp_path: Path) -> None:
    """A staged file of another size than the journal's is not put in place; the message says to render again."""
    render(tmp_path, OLD)
    before = snapshot(tmp_path)
    _plant(tmp_path, puts={"0": "production/README.md"}, staged={"0": [0, 99, 0]})
    assert "may hold a mix until you render again" in str(_recover(tmp_path))
    assert snapshot(tmp_path) == before


def test_links_in_the_staging_folder_are_not_followed(tmp_path: Path) -> None:
    """Leftovers that are links go as links."""
    output = tmp_path / "rendered"
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "file").write_text("precious")
    (output / STAGING).mkdir(parents=True)
    for name in ("new", "old", "journal.new"):
        (output / STAGING / name).symlink_to(tmp_path / "victim")
    _recover(output)
    assert is_clean(output)
    assert snapshot(tmp_path / "victim") == {"file": b"precious"}
