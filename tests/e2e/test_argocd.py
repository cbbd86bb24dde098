"""Argo CD finds what its Applications name, delivers everything once, and may deliver all of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e import rendered
from tests.e2e.conftest import Built
from tests.e2e.rendered import Overlay
from tests.tools import manifests

pytestmark = pytest.mark.tools

_CLUSTERS = [(environment, name) for environment in rendered.environments() for name in rendered.clusters(environment)]


@pytest.mark.parametrize(("environment", "cluster"), _CLUSTERS)
def test_each_overlay_has_one_application(environment: str, cluster: str) -> None:
    """An overlay without an Application is never deployed; one with two is deployed by neither in peace."""
    paths = [_source(one) for one in _objects(environment, cluster, "Application")]
    delivered = sorted(path for path in paths if "/kustomize/" in path)
    there = [overlay for overlay in rendered.overlays(environment) if overlay.cluster == cluster]
    assert delivered == sorted(str(overlay.folder.relative_to(rendered.REPOSITORY)) for overlay in there)


@pytest.mark.parametrize(("environment", "cluster"), _CLUSTERS)
def test_each_application_finds_its_folder(environment: str, cluster: str) -> None:
    """A path inside this repository exists in it."""
    for application in _objects(environment, cluster, "Application"):
        path = _source(application)
        assert not path or (rendered.REPOSITORY / path).is_dir(), application["metadata"]["name"]


@pytest.mark.parametrize(("environment", "cluster"), _CLUSTERS)
def test_the_project_permits_what_is_delivered(environment: str, cluster: str, built: dict[Overlay, Built]) -> None:
    """Each object's kind and namespace are among those that the Application's project allows."""
    projects = {one["metadata"]["name"]: one["spec"] for one in _objects(environment, cluster, "AppProject")}
    by_path = {_source(one): one["spec"] for one in _objects(environment, cluster, "Application")}
    for overlay, (_, objects) in built.items():
        if overlay[:2] == (environment, cluster):
            application = by_path[str(overlay.folder.relative_to(rendered.REPOSITORY))]
            project = projects[application["project"]]
            refused = [f"{overlay}: {'/'.join(key)}" for key in objects if not _is_permitted(key, project)]
            assert not refused, "\n".join(refused)
            assert application["destination"] in project["destinations"]


def _is_permitted(key: manifests.Key, project: Any) -> bool:
    version, kind, namespace, _ = key
    group = version.rpartition("/")[0]
    allowed = project["namespaceResourceWhitelist" if namespace else "clusterResourceWhitelist"]
    in_place = not namespace or namespace in {one["namespace"] for one in project["destinations"]}
    return in_place and any((one["group"], one["kind"]) == (group, kind) for one in allowed)


def _objects(environment: str, cluster: str, kind: str) -> list[Any]:
    folder = rendered.RENDERED / environment / "argocd" / cluster
    files = [file for file in rendered.argocd_files(environment) if folder in file.parents]
    return [one for file in files for one in _read(file) if one["kind"] == kind]


def _read(file: Path) -> list[Any]:
    return manifests.read(file.read_text(encoding="utf-8"))


def _source(application: Any) -> str:
    """The path in this repository, or nothing for a chart from elsewhere."""
    return str(application["spec"].get("source", {}).get("path", ""))
