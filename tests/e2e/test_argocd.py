"""Argo CD finds what its Applications name, delivers everything once, and may deliver all of it."""

from typing import Any

import pytest

from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay, Tree
from tests.tools import manifests

pytestmark = pytest.mark.tools


def test_each_overlay_has_one_application(tree: Tree) -> None:
    """An overlay without an Application is never deployed; one with two is deployed by neither in peace."""
    for environment, cluster in tree.clusters():
        paths = [_source(one) for one in _objects(tree, environment, cluster, "Application")]
        there = [overlay.folder for overlay in tree.overlays() if overlay[:2] == (environment, cluster)]
        assert sorted(path for path in paths if "/kustomize/" in path) == [_path(tree, folder) for folder in there]


def test_each_application_finds_its_folder(tree: Tree) -> None:
    """A path inside the repository exists in it."""
    for environment, cluster in tree.clusters():
        for application in _objects(tree, environment, cluster, "Application"):
            path = _source(application)
            assert not path or (tree.repository / path).is_dir(), application["metadata"]["name"]


def test_the_project_permits_what_is_delivered(tree: Tree, built: dict[Overlay, Built]) -> None:
    """Each object's kind and namespace are among those that the Application's project allows."""
    for environment, cluster in tree.clusters():
        projects = {one["metadata"]["name"]: one["spec"] for one in _objects(tree, environment, cluster, "AppProject")}
        by_path = {_source(one): one["spec"] for one in _objects(tree, environment, cluster, "Application")}
        for overlay, (_, objects) in built.items():
            if overlay[:2] == (environment, cluster):
                application = by_path[_path(tree, overlay.folder)]
                project = projects[application["project"]]
                assert [f"{overlay}: {'/'.join(key)}" for key in objects if not _is_permitted(key, project)] == []
                assert application["destination"] in project["destinations"]


def _is_permitted(key: manifests.Key, project: Any) -> bool:
    version, kind, namespace, _ = key
    group = version.rpartition("/")[0]
    allowed = project["namespaceResourceWhitelist" if namespace else "clusterResourceWhitelist"]
    in_place = not namespace or namespace in {one["namespace"] for one in project["destinations"]}
    return in_place and any((one["group"], one["kind"]) == (group, kind) for one in allowed)


def _objects(tree: Tree, environment: str, cluster: str, kind: str) -> list[Any]:
    files = tree.argocd_files(environment, cluster)
    found = [one for file in files for one in manifests.read(file.read_text(encoding="utf-8"))]
    return [one for one in found if one["kind"] == kind]


def _path(tree: Tree, folder: Any) -> str:
    return str(folder.relative_to(tree.repository))


def _source(application: Any) -> str:
    """The path in this repository, or nothing for a chart from elsewhere."""
    return str(application["spec"].get("source", {}).get("path", ""))
