"""The chart is installed, upgraded and taken away by Helm itself, as its README says."""

from pathlib import Path

import pytest
import yaml

from tests.e2e.cluster.controlplane import ControlPlane
from tests.e2e.tree import Release, Tree
from tests.tools import checkout, pins
from tests.tools.process import Done, run

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("admission")]


class Helm:
    """Helm in a namespace of a cluster, with a home of its own."""

    def __init__(self, api: ControlPlane, home: Path, namespace: str) -> None:
        self.namespace = namespace
        self._env = {f"HELM_{name}_HOME": str(home / name) for name in ("CACHE", "CONFIG", "DATA")}
        self._env["KUBECONFIG"] = str(api.kubeconfig)

    def run(self, *words: str | Path) -> Done:
        """A command in the namespace."""
        return run([pins.BIN / "helm", *words, "--namespace", self.namespace], env=self._env, timeout=300)


def test_each_release_is_installed(api: ControlPlane, tmp_path: Path) -> None:
    """In a namespace of another name, with what its README asks for; then upgraded by value, and taken away.

    Of the committed tree: what other trees' charts make is equal to overlays that the server is asked about.
    """
    api.restart()
    for number, release in enumerate(Tree(checkout.REPOSITORY).releases()):
        helm, files = Helm(api, tmp_path, f"elsewhere-{number}"), ("--values", release.values)
        for namespace in (helm.namespace, *_list_namespaces(release)):
            api.kubectl("create", "namespace", namespace)
        name, tag = _pick_image(release), "v9.9.9"
        changed = ("--set", f"services.{name}.image.tag={tag}")
        _insist(release, helm.run("install", "it", release.chart, *files))
        _insist(release, helm.run("upgrade", "it", release.chart, *files, *changed))
        kinds = ("deployments,statefulsets,rollouts,cronjobs,jobs", "--namespace", helm.namespace)
        assert f":{tag}" in api.insist("get", *kinds, "--output", "yaml"), str(release)
        _insist(release, helm.run("uninstall", "it"))


def _insist(release: Release, done: Done) -> None:
    assert done.code == 0, f"{release}\n{done.both()}"


def _list_namespaces(release: Release) -> list[str]:
    """Those that the README says have to be there."""
    text = (release.chart / "README.md").read_text(encoding="utf-8")
    section = text.partition(f"## {release.cluster}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("Objects go into ")]
    return lines[0].removeprefix("Objects go into ").partition(" as well")[0].split(", ") if lines else []


def _pick_image(release: Release) -> str:
    """A service with an image."""
    values = yaml.safe_load((release.chart / "values.yaml").read_text(encoding="utf-8"))
    names: list[str] = [name for name, fields in values["services"].items() if "image" in fields]
    return min(names)
