"""The AppProjects as they are rendered hold every Application that freezes, whoever syncs it, and no other."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.spec.gitops import Freeze
from hftgen.spec.load import Loaded, Sources, load
from tests.e2e.tree import Tree
from tests.tools import manifests
from tests.unit.facts.replay import Project, Window

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def calendars(tmp_path_factory: pytest.TempPathFactory) -> Calendars:
    """Each calendar once for all trees."""
    return Calendars(tmp_path_factory.getbasetemp().parent / "calendars")


def test_no_application_syncs_in_its_sessions(tree: Tree, calendars: Calendars) -> None:
    """At both ends of each session with its margins, and a minute inside: by hand only where the spec says so."""
    judged = set()
    for application, windows, freeze, loaded in _list_frozen(tree):
        matching = [window for window in windows if application in window["applications"]]
        case = str([freeze, *({**window, "applications": ""} for window in matching)])
        if case in judged:
            continue
        judged.add(case)
        project = Project(windows)
        for begin, end in _list_needs(freeze, loaded, calendars):
            for moment in (begin, begin + MINUTE, end - MINUTE, end):
                assert not project.can_sync(application, moment, manual=False), f"{application} syncs at {moment}"
                assert project.can_sync(application, moment, manual=True) is _allows_manual(loaded)


def test_windows_are_those_argo_takes(tree: Tree) -> None:
    """Identical windows make a project invalid, and a description has an end; each window is some Application's."""
    for environment, cluster in tree.clusters():
        names = {one["metadata"]["name"] for one in _objects(tree, environment, cluster, "Application")}
        for project in _objects(tree, environment, cluster, "AppProject"):
            windows = project["spec"].get("syncWindows", [])
            same = [[window[key] for key in ("schedule", "duration", "timeZone", "applications")] for window in windows]
            assert all(each not in same[:index] for index, each in enumerate(same))
            assert all(0 < len(window["description"]) <= 255 for window in windows)
            assert all(window["applications"] and names >= set(window["applications"]) for window in windows)


def test_what_does_not_freeze_is_in_no_window(tree: Tree) -> None:
    """`freeze: none`, the root, by which a freeze is lifted, and Argo CD's own settings."""
    for environment, cluster in tree.clusters():
        frozen = {application for application, *_ in _list_frozen(tree, environment, cluster)}
        projects = _objects(tree, environment, cluster, "AppProject")
        windows = [window for project in projects for window in project["spec"].get("syncWindows", [])]
        assert {name for window in windows for name in window["applications"]} == frozen


def _list_frozen(tree: Tree, *only: str) -> Iterator[tuple[str, list[Window], Freeze, Loaded]]:
    """Each Application that the spec freezes, with the windows of its project and what freezes it."""
    for environment, cluster in tree.clusters():
        if only and (environment, cluster) != only:
            continue
        loaded = _load(tree.repository, environment)
        projects = {one["metadata"]["name"]: one["spec"] for one in _objects(tree, environment, cluster, "AppProject")}
        for application in _objects(tree, environment, cluster, "Application"):
            freeze = _find_freeze(loaded, cluster, str(application["spec"].get("source", {}).get("path", "")))
            if freeze is not None and freeze.calendars:
                windows = projects[application["spec"]["project"]].get("syncWindows", [])
                yield application["metadata"]["name"], windows, freeze, loaded


def _find_freeze(loaded: Loaded, cluster: str, path: str) -> Freeze | None:
    """A service's own freeze completed by the environment's, which holds for all else but what is Argo CD's own."""
    whole = loaded.environment.gitops.freeze
    if path.endswith((f"argocd/{cluster}", f"argocd/{cluster}/settings")) or whole is None:
        return None
    service = loaded.services[cluster].get(Path(path).name)
    if service is None or service.freeze is None:
        return whole
    said = {name: value for name, value in service.freeze if value is not None}
    return whole.model_copy(update=said)


def _list_needs(freeze: Freeze, loaded: Loaded, calendars: Calendars) -> Iterator[tuple[Any, Any]]:
    whole = loaded.environment.gitops.freeze
    assert whole is not None
    assert whole.horizon is not None
    days = whole.horizon.start.date, whole.horizon.end.date
    before, after = (timedelta(seconds=span.seconds) for span in (freeze.before, freeze.after))
    for schedule in calendars.schedules(freeze.calendars, *days).values():
        for session in schedule.sessions:
            yield session.open - before, session.close + after


def _allows_manual(loaded: Loaded) -> bool:
    freeze = loaded.environment.gitops.freeze
    return freeze is not None and bool(freeze.manualSync)


@cache
def _load(repository: Path, environment: str) -> Loaded:
    return load(repository / "specs", environment, Sources())


def _objects(tree: Tree, environment: str, cluster: str, kind: str) -> list[Any]:
    files = tree.argocd_files(environment, cluster)
    found = [one for file in files for one in manifests.read(file.read_text(encoding="utf-8"))]
    return [one for one in found if one["kind"] == kind]
