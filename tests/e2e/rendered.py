"""What lies below rendered/, found by walking it, so that the checks hold for whatever the specs say."""

import functools
from pathlib import Path
from typing import NamedTuple

from hftgen.spec.environment import Environment
from hftgen.spec.load import Sources, load

REPOSITORY = Path(__file__).resolve().parents[2]
RENDERED = REPOSITORY / "rendered"
SPECS = REPOSITORY / "specs"


class Overlay(NamedTuple):
    """What one Application delivers to one cluster."""

    environment: str
    cluster: str
    part: str

    @property
    def folder(self) -> Path:
        """Its folder below rendered/."""
        return RENDERED / self.environment / "kustomize" / "overlays" / self.cluster / self.part

    def __str__(self) -> str:
        return "-".join(self)


class Release(NamedTuple):
    """A chart with the values of one cluster."""

    environment: str
    cluster: str
    chart: Path

    @property
    def values(self) -> Path:
        """The cluster's values."""
        return self.chart / f"values-{self.cluster}.yaml"

    def __str__(self) -> str:
        return f"{self.environment}-{self.cluster}-{self.chart.name}"


def environments() -> list[str]:
    """The environments that are rendered."""
    folders = [marker.parent.name for marker in sorted(RENDERED.glob("*/.hftgen"))]
    return [name for name in folders if name != "repository"]


def overlays(environment: str) -> list[Overlay]:
    """The overlays of an environment."""
    files = sorted((RENDERED / environment / "kustomize" / "overlays").glob("*/*/kustomization.yaml"))
    return [Overlay(environment, file.parent.parent.name, file.parent.name) for file in files]


def clusters(environment: str) -> list[str]:
    """The clusters that have overlays."""
    return sorted({overlay.cluster for overlay in overlays(environment)})


def releases(environment: str) -> list[Release]:
    """The charts of an environment, each with every cluster's values."""
    charts = [file.parent for file in sorted((RENDERED / environment / "helm").glob("*/Chart.yaml"))]
    return [Release(environment, cluster, chart) for chart in charts for cluster in clusters(environment)]


def argocd_files(environment: str) -> list[Path]:
    """The files that a cluster's Argo CD is given, but for folders that kustomize builds."""
    files = sorted((RENDERED / environment / "argocd").rglob("*.yaml"))
    return [file for file in files if not (file.parent / "kustomization.yaml").exists()]


def kubernetes(environment: str) -> str:
    """The Kubernetes version of an environment, such as 1.36."""
    return str(_load(environment).kubernetes.version)


def namespace(environment: str) -> str:
    """The namespace that an environment's services run in."""
    return str(_load(environment).kubernetes.namespace)


@functools.cache
def _load(environment: str) -> Environment:
    return load(SPECS, environment, Sources()).environment
