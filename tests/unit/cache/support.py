"""A repository with one rendered environment and its cache."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from hftgen.cache import Cache, Entry, Inputs
from hftgen.tree.changes import compare
from hftgen.tree.lock import lock
from hftgen.tree.transaction import apply

FILES: Mapping[str, bytes] = {"README.md": b"text\n", "base/engine/a.yaml": b"a: 1\n", "base/b.yaml": b""}
READ = {"specs/production.yaml": b"environment: production\n", "specs/base.yaml": b"tier: x\n"}
PAYLOAD = [["HFT-N01", "warning", 3], None, {"text": "Grüße"}]


class Site(NamedTuple):
    """A repository with one rendered environment, and its cache."""

    root: Path

    @property
    def output(self) -> Path:
        """The output folder."""
        return self.root / "rendered"

    @property
    def folder(self) -> Path:
        """The environment's folder."""
        return self.output / "production"

    @property
    def entry(self) -> Path:
        """The only file in the cache."""
        (path,) = self.cache_folder.iterdir()
        return path

    @property
    def cache_folder(self) -> Path:
        """The cache."""
        return self.root / "cache"

    def open(self) -> Cache:
        """The cache as a new process opens it."""
        return Cache(self.cache_folder, self.output)

    def find(self, common: str = "common") -> Entry | None:
        """What a new process finds."""
        return self.open().find("production", common, Inputs(self.root))

    def render(self, *, save: bool = True) -> bool:
        """Write the outputs and make the entry."""
        with lock(self.output):
            changes = compare(self.output, {"production": FILES})
            stamps = apply(self.output, changes, {"production": FILES})["production"]
            return save and self.open().save(
                "production", "common", inputs=READ, files=FILES, stamps=stamps, payload=PAYLOAD
            )
