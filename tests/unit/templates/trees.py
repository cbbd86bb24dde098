"""Environments rendered from the templates of this repository, as parsed objects."""

import functools
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from hftgen.calendars import Calendars
from hftgen.facts.derive import derive
from hftgen.render.run import Renderer
from hftgen.render.templates import discover
from hftgen.spec.load import Loaded, Sources, load

REPOSITORY = Path(__file__).resolve().parents[3]
CORPUS = Path(__file__).parent / "specs"

Tree = dict[str, Any]
"""Parsed documents by path below rendered/<env>/."""

ENVIRONMENTS = ("development", "staging", "production", "shop", "long", "rack")


@functools.cache
def render(name: str) -> Tree:
    """The Kustomize tree of an environment: of this repository's specs, or of the corpus beside this file."""
    texts = render_texts(name)
    kustomize = {path: text for path, text in texts.items() if path.startswith("kustomize/")}
    return {path: list(yaml.load_all(text, Loader=yaml.CSafeLoader)) for path, text in kustomize.items()}


@functools.cache
def render_texts(name: str) -> dict[str, str]:
    """All files of an environment by path below rendered/<env>/."""
    context = derive(_load(name), Calendars())
    return {artifact.path: artifact.data.decode() for artifact in _start().render_environment(name, context)}


@functools.cache
def _load(name: str) -> Loaded:
    specs = CORPUS if (CORPUS / f"{name}.yaml").exists() else REPOSITORY / "specs"
    return load(specs, name, Sources())


@functools.cache
def _start() -> Renderer:
    return Renderer(discover([REPOSITORY / "templates"]))


def list_overlays(name: str) -> list[PurePosixPath]:
    """The folders of all overlays of an environment."""
    return sorted(
        PurePosixPath(path).parent
        for path in render(name)
        if path.startswith("kustomize/overlays/") and path.endswith("/kustomization.yaml")
    )


def read_kustomization(name: str, folder: PurePosixPath) -> dict[str, Any]:
    """The kustomization of a folder."""
    (document,) = render(name)[f"{folder}/kustomization.yaml"]
    assert isinstance(document, dict)
    return document


def build(name: str, folder: PurePosixPath) -> Iterator[dict[str, Any]]:
    """The objects that an overlay stands for, images and numbers of pods left as they are."""
    for resource in read_kustomization(name, folder)["resources"]:
        if resource.startswith("../"):
            yield from build(name, PurePosixPath("kustomize/base") / folder.name)
        else:
            yield from render(name)[f"{folder}/{resource}"]


def build_cluster(name: str, cluster: str) -> list[dict[str, Any]]:
    """All objects of a cluster."""
    folders = [folder for folder in list_overlays(name) if folder.parent.name == cluster]
    return [item for folder in folders for item in build(name, folder)]


def list_clusters(name: str) -> list[str]:
    """The clusters of an environment; nothing is rendered for it."""
    return sorted(_load(name).services)


def find_pod(item: dict[str, Any]) -> dict[str, Any] | None:
    """The pod template of an object, if it has one."""
    spec = item.get("spec") or {}
    spec = spec["jobTemplate"]["spec"] if item["kind"] == "CronJob" else spec
    return spec.get("template") if item["kind"] != "ExternalSecret" else None


def list_containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """All containers of a pod template."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]
