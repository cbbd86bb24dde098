"""Terraform works in the rendered folders: what it leaves there is no render's business, and never lost."""

import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from hftgen.cache import Cache, Inputs
from hftgen.errors import MachineError
from hftgen.tree.lock import lock
from hftgen.tree.target import MARKER, check_target
from hftgen.tree.transaction import recover
from tests.unit.tree.support import (
    CountingDisk,
    Snapshot,
    Wanted,
    compare_all,
    die_at,
    is_clean,
    render,
    run_child,
    snapshot,
)

BEFORE: Wanted = {
    "production": {
        "README.md": b"old\n",
        "terraform/bootstrap/main.tf.json": b"{}\n",
        "terraform/gone/network/main.tf.json": b"{}\n",
        "terraform/stays/network/main.tf.json": b"{}\n",
    },
    "staging": {"terraform/bootstrap/main.tf.json": b"{}\n"},
}
LEFT: Mapping[str, bytes] = {
    "production/terraform/bootstrap/terraform.tfstate": b"state",
    "production/terraform/bootstrap/terraform.tfstate.backup": b"older",
    "production/terraform/gone/network/.terraform.lock.hcl": b"hashes",
    "production/terraform/gone/network/errored.tfstate": b"not pushed",
    "production/terraform/stays/network/.terraform/providers/x/y": b"program",
    "production/terraform/stays/network/.terraform.tfstate.lock.info": b"held",
    "staging/terraform/bootstrap/terraform.tfstate": b"state",
}
AFTER: dict[str, Wanted] = {
    "a cluster goes": {
        "production": {"README.md": b"new\n", "terraform/stays/network/main.tf.json": b"{1}\n"},
        "staging": BEFORE["staging"],
    },
    "an environment goes": {"production": BEFORE["production"]},
    "nothing changes": BEFORE,
}


def leave(output: Path) -> None:
    """Put there what Terraform leaves."""
    for path, data in LEFT.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_bytes(data)


def build(output: Path) -> Path:
    """A tree that Terraform has worked in."""
    render(output, BEFORE)
    leave(output)
    return output


def find_left(found: Snapshot) -> Snapshot:
    """Terraform's files of a snapshot."""
    return {path: data for path, data in found.items() if path in LEFT}


def find_ours(found: Snapshot) -> Snapshot:
    """All other files of a snapshot."""
    return {path: data for path, data in found.items() if data is not None and path not in LEFT}


def test_what_terraform_left_is_no_change(tmp_path: Path) -> None:
    """`render --check` says nothing of it, and `render` takes no note."""
    output = build(tmp_path / "rendered")
    assert not compare_all(output, BEFORE)


@pytest.mark.parametrize("name", AFTER)
def test_a_render_takes_its_own_files_and_no_other(name: str, tmp_path: Path) -> None:
    """Also of a cluster or an environment that is gone, whose state says what exists; the next render is quiet."""
    output = build(tmp_path / "rendered")
    _, changes, _ = render(output, AFTER[name])
    assert not {f"{folder}/{path}" for folder, each in changes.folders.items() for path in each.removed} & LEFT.keys()
    found = snapshot(output)
    assert find_left(found) == LEFT
    expected = {f"{folder}/{path}": data for folder, files in AFTER[name].items() for path, data in files.items()}
    assert {path: data for path, data in find_ours(found).items() if not path.endswith(MARKER)} == expected
    assert not compare_all(output, AFTER[name])


def test_an_environment_that_returns_finds_its_state(tmp_path: Path) -> None:
    """A folder that holds nothing but what Terraform left may be written into again."""
    output = build(tmp_path / "rendered")
    render(output, AFTER["an environment goes"])
    assert not (output / "staging" / MARKER).exists()
    check_target(output, BEFORE)
    render(output, BEFORE)
    found = snapshot(output)
    assert find_left(found) == LEFT
    assert not compare_all(output, BEFORE)


@pytest.mark.parametrize(("name", "back"), [(name, back) for name in AFTER for back in (False, True)])
def test_killed_before_any_step(name: str, back: bool, quick: Path) -> None:  # noqa: FBT001  parametrized
    """Whenever a render is killed, what Terraform left is there, and recovery makes the old or the new tree."""
    before, after = (AFTER[name], BEFORE) if back else (BEFORE, AFTER[name])
    original = build(quick / "original")
    render(original, before)
    disk = CountingDisk()
    rehearsal = shutil.copytree(original, quick / "rehearsal", symlinks=True)
    render(rehearsal, after, disk)
    trees = [find_ours(snapshot(original)), find_ours(snapshot(rehearsal))]
    for moment in range(disk.count):
        output = shutil.copytree(original, quick / str(moment), symlinks=True)
        assert run_child(lambda output=output, moment=moment: render(output, after, die_at(moment))) == -signal.SIGKILL  # type: ignore[misc]
        with lock(output):
            recover(output)
        found = snapshot(output)
        assert find_left(found) == LEFT
        assert find_ours(found) in trees
        assert is_clean(output)


def test_a_file_does_not_take_the_place_of_a_state(tmp_path: Path) -> None:
    """A folder that Terraform worked in does not become a file: a person moves the state first."""
    output = build(tmp_path / "rendered")
    with pytest.raises(MachineError, match="Terraform keeps files there"):
        compare_all(output, {**BEFORE, "staging": {"terraform/bootstrap": b"now a file\n"}})
    assert find_left(snapshot(output)) == LEFT


def test_what_is_rendered_is_ours_whatever_its_name(tmp_path: Path) -> None:
    """A repository may render a lock file: it is written, compared and removed as any other."""
    output = tmp_path / "rendered"
    wanted: Wanted = {"production": {"terraform/bootstrap/.terraform.lock.hcl": b"one\n", "a": b"a\n"}}
    render(output, wanted)
    assert not compare_all(output, wanted)
    (output / "production/terraform/bootstrap/.terraform.lock.hcl").write_bytes(b"two\n")
    changed = compare_all(output, wanted).folders["production"].changed
    assert changed == ("terraform/bootstrap/.terraform.lock.hcl",)


def test_the_cache_believes_a_folder_that_terraform_worked_in(tmp_path: Path) -> None:
    """A render that has nothing to do stays instant after `terraform init`."""
    output = tmp_path / "rendered"
    _, _, stamps = render(output, BEFORE)
    cache, files = Cache(tmp_path / "cache", output), BEFORE["production"]
    assert cache.save("production", "common", inputs={}, files=files, stamps=stamps["production"])
    leave(output)
    assert cache.find("production", "common", Inputs(tmp_path)) is not None
    assert cache.save("production", "common", inputs={}, files=files, stamps=stamps["production"])
    (output / "production" / "README.md").unlink()
    assert cache.find("production", "common", Inputs(tmp_path)) is None
