"""Every outside tool is pinned, down to its last dependency."""

import re
from pathlib import Path

import pytest

from hftgen.facts.terraform.clouds import CLOUDS
from tests.tools import pins


@pytest.mark.parametrize("tool", pins.go_tools(), ids=lambda tool: str(tool.name))
def test_a_tool_stands_at_one_version(tool: pins.GoTool) -> None:
    """Its go.mod names one released version, its go.sum holds the hash of that and of every dependency.

    Of one that is replaced, it holds the hash of what comes in its place.
    """
    assert re.fullmatch(r"v\d+\.\d+\.\d+", tool.version)
    module_file = (tool.folder / "go.mod").read_text(encoding="utf-8")
    sums = (tool.folder / "go.sum").read_text(encoding="utf-8")
    replaced = dict(re.findall(r"^replace (\S+ v\S+) => (\S+ v\S+)", module_file, re.MULTILINE))
    for needed in re.findall(r"^\s+(\S+ v\S+)", module_file, re.MULTILINE):
        assert f"{replaced.get(needed, needed)}/go.mod h1:" in sums


def test_a_stamp_follows_what_is_built(tmp_path: Path) -> None:
    """A new version, a new dependency or a new flag builds the tool anew; nothing else does."""
    for name in ("go.mod", "go.sum"):
        (tmp_path / name).write_text("a", encoding="utf-8")
    tool = pins.GoTool("a", "light", tmp_path, "b", "v1.0.0", ("main.version",))
    stamp = tool.stamp()
    assert tool.stamp() == stamp
    assert tool._replace(version="v1.0.1").stamp() != stamp
    assert tool._replace(variables=("main.other",)).stamp() != stamp
    (tmp_path / "go.sum").write_text("b", encoding="utf-8")
    assert tool.stamp() != stamp


def test_programs_of_one_module_are_told_apart() -> None:
    """A go.mod that calls several packages tools gives a program each; one with a lone tool lends it its own name."""
    tools = pins.go_tools()
    names = [tool.name for tool in tools]
    assert sorted(set(names)) == sorted(names)
    by_folder = {tool.folder.name: {other.name for other in tools if other.folder == tool.folder} for tool in tools}
    assert by_folder["kubernetes"] == {
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kubeadm",
        "kubectl",
    }
    assert by_folder["etcd"] == {"etcd"}


def test_files_of_modules_are_pinned() -> None:
    """Files that a tool's module brings have the module's hash in the tool's go.sum."""
    assert pins.module_files()
    for files in pins.module_files():
        (version,) = {tool.version for tool in pins.go_tools() if tool.folder == files.folder}
        assert f"{files.module} {version} h1:" in (files.folder / "go.sum").read_text(encoding="utf-8")


def test_custom_resources_are_pinned_by_hash() -> None:
    """Each source has a version and the hash of the module's content."""
    assert pins.schemas().crds
    assert pins.crds().crds == pins.schemas().crds
    for source in pins.schemas().crds:
        assert re.fullmatch(r"v\d+\.\d+\.\d+", source.version)
        assert re.fullmatch(r"h1:\S{43}=", source.sum)


@pytest.mark.parametrize(("text", "numbers"), [("go1.26.8", (1, 26, 8)), ("1.26", (1, 26))])
def test_go_versions_compare_as_numbers(text: str, numbers: tuple[int, ...]) -> None:
    """1.9 is older than 1.26."""
    assert pins.version_numbers(text) == numbers


def test_tools_of_the_package_index_stand_at_one_version_with_hashes() -> None:
    """Each line of a lock file names one version, and none an address from which it was fetched."""
    for lock in pins.python().locks:
        text = lock.read_text(encoding="utf-8")
        names = re.findall(r"^(\S+)==\S+ ", text, re.MULTILINE)
        assert names
        assert "://" not in text
        assert all("--hash=sha256:" in block for block in re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:])


def test_another_lock_makes_the_environment_anew(tmp_path: Path) -> None:
    """Its stamp follows the lock files."""
    lock = tmp_path / "a.lock"
    lock.write_text("a==1", encoding="utf-8")
    wanted = pins.PythonPins("heavy", (lock,))
    stamp = wanted.stamp()
    lock.write_text("a==2", encoding="utf-8")
    assert wanted.stamp() != stamp


def test_providers_are_pinned_by_hash() -> None:
    """What schemas are read from stands at one version, with hashes and without an address."""
    text = pins.providers().lock.read_text(encoding="utf-8")
    assert set(re.findall(r"^(\S+)==", text, re.MULTILINE)) == {
        f"cdktn-provider-{cloud.provider}" for cloud in CLOUDS.values()
    }
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(CLOUDS)


def test_root_modules_pin_the_releases_whose_schemas_are_looked_at() -> None:
    """A new wheel's release is said where it is asked for; the root modules ask for the same."""
    said = (pins.FOLDER / "providers.in").read_text(encoding="utf-8")
    for cloud in CLOUDS.values():
        assert re.search(rf"\b{cloud.provider} {re.escape(cloud.version)}\b", said)
