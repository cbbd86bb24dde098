"""A rendered tree, found by walking it, so that the checks hold for whatever the specs say."""

import functools
from pathlib import Path
from typing import NamedTuple

from hftgen.spec.environment import Environment
from hftgen.spec.load import Sources, load


class Overlay(NamedTuple):
    """What one Application delivers to one cluster."""

    environment: str
    cluster: str
    part: str
    folder: Path

    def __str__(self) -> str:
        return "/".join(self[:3])


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
        return f"{self.environment}/{self.cluster}/{self.chart.name}"


class Tree(NamedTuple):
    """A repository with specs/ and the rendered/ that was made of them."""

    repository: Path

    @property
    def rendered(self) -> Path:
        """The rendered folder."""
        return self.repository / "rendered"

    def environments(self) -> list[str]:
        """The environments that are rendered."""
        folders = [marker.parent.name for marker in sorted(self.rendered.glob("*/.hftgen"))]
        return [name for name in folders if name != "repository"]

    def overlays(self) -> list[Overlay]:
        """All overlays."""
        files = sorted(self.rendered.glob("*/kustomize/overlays/*/*/kustomization.yaml"))
        return [_overlay(file.parent) for file in files]

    def clusters(self) -> list[tuple[str, str]]:
        """The clusters that have overlays, with their environments."""
        return sorted({overlay[:2] for overlay in self.overlays()})

    def releases(self) -> list[Release]:
        """The charts, each with every cluster's values."""
        charts = [(file.parts[-4], file.parent) for file in sorted(self.rendered.glob("*/helm/*/Chart.yaml"))]
        clusters = self.clusters()
        return [
            Release(environment, cluster, chart)
            for environment, chart in charts
            for owner, cluster in clusters
            if owner == environment
        ]

    def argocd_files(self, environment: str, cluster: str = "*") -> list[Path]:
        """The files that a cluster's Argo CD is given, but for folders that kustomize builds."""
        files = sorted((self.rendered / environment / "argocd").glob(f"{cluster}/**/*.yaml"))
        return [file for file in files if not (file.parent / "kustomization.yaml").exists()]

    def argocd_folders(self) -> list[Path]:
        """The folders below argocd/ that kustomize builds."""
        return [file.parent for file in sorted(self.rendered.glob("*/argocd/**/kustomization.yaml"))]

    def kubernetes(self, environment: str) -> str:
        """The Kubernetes version of an environment, such as 1.36."""
        return str(self.load(environment).kubernetes.version)

    def load(self, environment: str) -> Environment:
        """The spec of an environment."""
        return _load(self, environment)


def _overlay(folder: Path) -> Overlay:
    *_, environment, _, _, cluster, part = folder.parts
    return Overlay(environment, cluster, part, folder)


@functools.cache
def _load(tree: Tree, environment: str) -> Environment:
    return load(tree.repository / "specs", environment, Sources()).environment
