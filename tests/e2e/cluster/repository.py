"""The repository of a play: a copy of specs/ that is edited as people edit it, and rendered by the product itself."""

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from hftgen.spec.load import Loaded, Sources, load
from tests.e2e.cluster.client import Manifest
from tests.e2e.cluster.sync import Application, read_application
from tests.e2e.tree import Overlay, Tree
from tests.tools import checkout, kustomize, manifests
from tests.tools.process import run

_FIRST = ("platform", "datastores")


class Repository:
    """What is said of one environment, and what comes of it."""

    def __init__(self, folder: Path, environment: str) -> None:
        shutil.copytree(checkout.REPOSITORY / "specs", folder / "specs")
        self.environment = environment
        self._folder = folder
        self._file = folder / "specs" / f"{environment}.yaml"
        self._merged = self.text()

    def edit(self, changes: Manifest) -> None:
        """Say something else in the environment's spec: mappings key by key, None takes a key out."""
        yaml = YAML()
        yaml.width = 4096
        spec = yaml.load(self._file)
        _say(spec, changes)
        yaml.dump(spec, self._file)

    def text(self) -> str:
        """What the environment's spec says, to go back to."""
        return self._file.read_text(encoding="utf-8")

    def restore(self, text: str) -> None:
        """Say again what was said before: the revert of a commit."""
        self._file.write_text(text, encoding="utf-8")

    def render(self) -> None:
        """Compile what is said now. What the compiler refuses is not merged: then the spec is as it was before."""
        command: list[str | Path] = [Path(sys.executable).with_name("hftgen"), "render", self.environment]
        done = run(command, cwd=self._folder)
        if done.code:
            self.restore(self._merged)
        assert done.code == 0, done.both()
        self._merged = self.text()

    def load(self) -> Loaded:
        """What is said now, with everything that it extends."""
        return load(self._folder / "specs", self.environment, Sources())

    def read(self, path: str) -> str:
        """A rendered file of the environment."""
        return (self._folder / "rendered" / self.environment / path).read_text(encoding="utf-8")

    def list_parts(self, cluster: str) -> list[str]:
        """What a cluster is delivered, in the order in which it is brought up."""
        parts = [overlay.part for overlay in self._overlays(cluster)]
        return sorted(parts, key=lambda part: (*(part != first for first in _FIRST), part))

    def build(self, cluster: str, part: str) -> list[Manifest]:
        """The objects of a part, as Argo CD's kustomize makes them."""
        (overlay,) = (one for one in self._overlays(cluster) if one.part == part)
        return manifests.read(kustomize.build(overlay.folder))

    def find_application(self, cluster: str, part: str) -> Application:
        """The Application that delivers a part."""
        files = Tree(self._folder).argocd_files(self.environment, cluster)
        objects = [one for file in files for one in manifests.read(file.read_text(encoding="utf-8"))]
        return read_application(objects, f"rendered/{self.environment}/kustomize/overlays/{cluster}/{part}")

    def _overlays(self, cluster: str) -> list[Overlay]:
        return [one for one in Tree(self._folder).overlays() if one[:2] == (self.environment, cluster)]


def name_image(service: str, tag: str) -> str:
    """An image as production wants it, with a digest of its own."""
    digest = hashlib.sha256(f"{service}:{tag}".encode()).hexdigest()
    return f"registry.example.com/hft/{service}:{tag}@sha256:{digest}"


def _say(spec: Any, changes: Manifest) -> None:
    for key, value in changes.items():
        if value is None:
            spec.pop(key, None)
        elif isinstance(value, dict) and isinstance(spec.get(key), dict):
            _say(spec[key], value)
        else:
            spec[key] = value
