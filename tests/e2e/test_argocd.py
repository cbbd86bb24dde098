"""Argo CD finds what its Applications name, delivers everything once, and may deliver all of it."""

from fnmatch import fnmatch
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
        root = next(iter(_objects(tree, environment, cluster, "Application", "root.yaml")))
        for application in _objects(tree, environment, cluster, "Application"):
            if application["spec"]["source"]["repoURL"] == root["spec"]["source"]["repoURL"]:
                assert (tree.repository / _source(application)).is_dir(), application["metadata"]["name"]


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


def test_a_project_permits_nothing_else(tree: Tree, built: dict[Overlay, Built]) -> None:
    """Each kind and namespace that the services' project allows is one that is delivered; nothing is a pattern."""
    for environment, cluster in tree.clusters():
        delivered = {
            key for overlay, (_, objects) in built.items() if overlay[:2] == (environment, cluster) for key in objects
        }
        projects = {one["metadata"]["name"]: one["spec"] for one in _objects(tree, environment, cluster, "AppProject")}
        overlays = [one for one in _objects(tree, environment, cluster, "Application") if "/kustomize/" in _source(one)]
        (project,) = {one["spec"]["project"] for one in overlays}
        for allowed in ("clusterResourceWhitelist", "namespaceResourceWhitelist"):
            for one in projects[project][allowed]:
                alone = {**projects[project], "clusterResourceWhitelist": [], "namespaceResourceWhitelist": []}
                assert any(_is_permitted(key, {**alone, allowed: [one]}) for key in delivered), one
        assert {one["namespace"] for one in projects[project]["destinations"]} == {
            key[2] for key in delivered if key[2]
        }
        for spec in projects.values():
            for name in ("sourceRepos", "destinations", "clusterResourceWhitelist", "namespaceResourceWhitelist"):
                assert "*" not in str(spec.get(name)), name


def test_argocd_holds_each_of_its_objects_once(tree: Tree) -> None:
    """Of what Argo CD is given, each object is in one file, and only root's project may write projects."""
    for environment, cluster in tree.clusters():
        files = tree.argocd_files(environment, cluster)
        keys = [manifests.identify(one) for file in files for one in manifests.read(file.read_text(encoding="utf-8"))]
        assert len(keys) == len(set(keys))
        writers = {
            one["metadata"]["name"]
            for one in _objects(tree, environment, cluster, "AppProject")
            if {"group": "argoproj.io", "kind": "AppProject"} in one["spec"].get("namespaceResourceWhitelist", [])
        }
        assert writers == {name for name in writers if name.endswith("-root")} != set()


def test_root_reads_all_but_the_settings(tree: Tree) -> None:
    """It finds what lies in folders below its own; what an Application of settings/ holds is not root's as well."""
    for environment, cluster in tree.clusters():
        (root,) = _objects(tree, environment, cluster, "Application", "root.yaml")
        folder = tree.repository / _source(root)
        assert root["spec"]["source"]["directory"]["recurse"] is True
        excluded = root["spec"]["source"]["directory"].get("exclude", "")
        settings = [one for one in tree.argocd_files(environment, cluster) if one.parent.name == "settings"]
        read = [one for one in tree.argocd_files(environment, cluster) if one not in settings]
        assert all(fnmatch(str(one.relative_to(folder)), excluded) for one in settings)
        assert not any(fnmatch(str(one.relative_to(folder)), excluded) for one in read)
        kinds = {one["kind"] for file in read for one in manifests.read(file.read_text(encoding="utf-8"))}
        assert kinds == {"Application", "AppProject"}


def test_each_application_has_a_project_that_admits_it(tree: Tree) -> None:
    """Its repository and its destination are among those of the project that it names."""
    for environment, cluster in tree.clusters():
        projects = {one["metadata"]["name"]: one["spec"] for one in _objects(tree, environment, cluster, "AppProject")}
        for application in _objects(tree, environment, cluster, "Application"):
            spec, name = application["spec"], application["metadata"]["name"]
            project = projects[spec["project"]]
            assert spec["source"]["repoURL"] in project["sourceRepos"], name
            assert spec["destination"] in project["destinations"], name


def _is_permitted(key: manifests.Key, project: Any) -> bool:
    version, kind, namespace, name = key
    group = version.rpartition("/")[0]
    allowed = project.get("namespaceResourceWhitelist" if namespace else "clusterResourceWhitelist", [])
    in_place = not namespace or namespace in {one["namespace"] for one in project["destinations"]}
    return in_place and any(
        (one["group"], one["kind"]) == (group, kind) and one.get("name", name) == name for one in allowed
    )


def _objects(tree: Tree, environment: str, cluster: str, kind: str, file: str = "") -> list[Any]:
    files = [one for one in tree.argocd_files(environment, cluster) if one.name.endswith(file)]
    found = [one for file in files for one in manifests.read(file.read_text(encoding="utf-8"))]
    return [one for one in found if one["kind"] == kind]


def _path(tree: Tree, folder: Any) -> str:
    return str(folder.relative_to(tree.repository))


def _source(application: Any) -> str:
    """The path in this repository, or nothing for a chart from elsewhere."""
    return str(application["spec"].get("source", {}).get("path", ""))
