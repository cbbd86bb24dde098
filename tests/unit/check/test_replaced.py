"""HFT-X20: the tree on disk against the one that replaces it."""

import tempfile
from pathlib import Path
from typing import Any

import yaml

from hftgen.check.finding import Finding
from hftgen.check.replaced import find_refused
from hftgen.render.artifact import Artifact
from hftgen.tree.before import read_before
from tests.unit.rules.tiny import Bench

BASE, OVERLAY = "kustomize/base/web/service.yaml", "kustomize/overlays/{}/web/service.yaml"


def make(path: str, ip: str | None, name: str = "web") -> Artifact:
    """A Service that is headless or not."""
    item: dict[str, Any] = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {}}
    item["spec"] |= {"#clusterIP": "why", "clusterIP": ip} if ip else {}
    text = yaml.safe_dump({**item, "spec": {"clusterIP": ip} if ip else {}})
    return Artifact(path, text.encode(), "t", (item,))


def find(tmp_path: Path, before: list[Artifact], after: list[Artifact]) -> list[Finding]:
    """What is told of the change."""
    loaded = Bench(Path(tempfile.mkdtemp(dir=tmp_path))).load("services: {web: {image: x, ports: {http: 80}}}")
    return list(find_refused(loaded, {one.path: one.data for one in before}, after))


def test_a_refused_change_blocks(tmp_path: Path) -> None:
    """With its object, place, rendered file and both values."""
    (finding,) = find(tmp_path, [make(BASE, None)], [make(BASE, "None")])
    assert (finding.rule, finding.severity, finding.subject) == ("HFT-X20", "blocking", "Service/web")
    assert finding.path.endswith(BASE)
    assert finding.line
    assert "spec.clusterIP: (none) → None" in finding.message
    assert "waivers: [{rule: HFT-X20, object: Service/web," in finding.hint


def test_an_object_that_moves_to_an_overlay_is_the_same(tmp_path: Path) -> None:
    """From the base of all clusters to two overlays: told once."""
    after = [make(OVERLAY.format("a"), "None"), make(OVERLAY.format("b"), "None")]
    assert len(find(tmp_path, [make(BASE, None)], after)) == 1


def test_one_cluster_is_not_another(tmp_path: Path) -> None:
    """What was headless on one cluster need not be on the next."""
    before = [make(OVERLAY.format("a"), "None"), make(OVERLAY.format("b"), None)]
    assert find(tmp_path, before, before) == []
    swapped = [make(OVERLAY.format("a"), "None"), make(OVERLAY.format("c"), None)]
    assert find(tmp_path, before, swapped) == []


def test_what_is_new_or_gone_is_no_change(tmp_path: Path) -> None:
    """Another name is another object; without a tree nothing is known."""
    assert find(tmp_path, [make(BASE, None)], [make(BASE, "None", "other")]) == []
    assert find(tmp_path, [], [make(BASE, "None")]) == []


def test_the_tree_on_disk_is_read_where_it_is_ours(tmp_path: Path) -> None:
    """A folder without the marker says nothing, nor does a link."""
    file = tmp_path / "one" / BASE
    file.parent.mkdir(parents=True)
    file.write_bytes(b"a: 1\n")
    (file.parent / "link.yaml").symlink_to(file)
    assert read_before(tmp_path, "one", "kustomize") == {}
    (tmp_path / "one" / ".hftgen").touch()
    assert read_before(tmp_path, "one", "kustomize") == {BASE: b"a: 1\n"}
    assert read_before(tmp_path, "two", "kustomize") == {}


def test_a_bomb_is_not_read(tmp_path: Path) -> None:
    """What somebody put into the tree cannot end the process."""
    bomb = Artifact(BASE, b"a: " + b"[" * 100_000, "t")
    (finding,) = find(tmp_path, [bomb], [make(BASE, "None")])
    assert (finding.rule, finding.severity) == ("HFT-X21", "warning")
