"""Tiny environments: a base that is right, and what a test adds to it."""

from pathlib import Path

import yaml

from hftgen.errors import InputError, Problem
from hftgen.spec.load import Loaded, Sources, load

DIGEST = "@sha256:" + "0" * 64

BASE = """
apiVersion: hftgen/v1
project: demo
gitops: {repoURL: "https://git.example.com/demo.git"}
kubernetes: {version: "1.36"}
clusters:
  one:
    cloud: aws
    region: us-east-1
    zones: [us-east-1a, us-east-1b]
    pools: {general: {machine: m7i.4xlarge, min: 2, max: 5}}
services: {web: {image: "example.com/web:1"}}
"""

FAST = """
clusters:
  one:
    pools:
      fast:
        machine: c7i.metal-24xl
        min: 3
        max: 4
        zones: [us-east-1a]
        pinning: static
        reserved: "0-1,48-49"
        hugepages: {1Gi: 32Gi}
services:
  engine:
    image: example.com/engine:1
    workload: stateful
    instances: sharded
    latency: tick-to-trade
    pool: fast
    cpu: 16
    memory: 48Gi
    hugepages: {1Gi: 8Gi}
"""


class Bench:
    """Loads environments out of one folder, as many as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.specs = folder / "specs"
        self.specs.mkdir()
        (self.specs / "base.yaml").write_text(BASE, "utf-8")
        (self.specs / "fast.yaml").write_text("extends: base.yaml\n" + FAST, "utf-8")
        self._sources = Sources()
        self._count = 0

    def load(self, text: str, *, tier: str = "staging", base: str = "base") -> Loaded:
        """The environment that `text` makes of the base."""
        self._count += 1
        name = f"case{self._count}"
        head = f"extends: {base}.yaml\nenvironment: {name}\ntier: {tier}\n"
        (self.specs / f"{name}.yaml").write_text(head + text, "utf-8")
        return load(self.specs, name, self._sources)

    def problems(self, text: str, *, tier: str = "staging", base: str = "base") -> tuple[Problem, ...]:
        """What is wrong with it; empty where nothing is."""
        try:
            self.load(text, tier=tier, base=base)
        except InputError as error:
            return error.problems
        return ()

    def paths(self, text: str, *, tier: str = "staging", base: str = "base") -> list[str]:
        """The fields of its problems."""
        return [problem.path for problem in self.problems(text, tier=tier, base=base)]

    def only(self, text: str, path: str, *, tier: str = "staging", base: str = "base") -> Problem:
        """Its one problem, which is that of the field `path` and stands in the case's own file."""
        problems = self.problems(text, tier=tier, base=base)
        assert [problem.path for problem in problems] == [path], problems
        assert problems[0].line, "a problem has its place"
        return problems[0]


def with_service(name: str, fields: str) -> str:
    """A service beside the base's."""
    whole = {"services": {name: {"image": "example.com/x:1", **yaml.safe_load(fields)}}}
    return str(yaml.safe_dump(whole, sort_keys=False))
