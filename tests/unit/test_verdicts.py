"""What a validation remembers, and when it forgets."""

from datetime import date
from pathlib import Path

import pytest

from hftgen.check.finding import Finding
from hftgen.run import Listener, Request, render
from hftgen.validation import Validation, ValidationRequest, validate

SPEC = """
apiVersion: hftgen/v1
project: desk
environment: one
tier: development
gitops: {repoURL: https://git.example.com/desk.git}
kubernetes: {version: "1.36"}
clusters: {left: {cloud: kind}}
services: {web: {image: "registry.example.com/desk/web:v1.0.0"}}
"""
WRONG = "function(env, service) { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, dta: {} }"
CRD = '{"kind": "CustomResourceDefinition", "spec": {"group": "a.example", "names": {"kind": "A"}, "versions": []}}'


class Bench:
    """A repository that is rendered and validated."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("specs", "templates/apps/[service]", "crds", ".git"):
            (root / name).mkdir(parents=True)
        (root / "specs/one.yaml").write_text(SPEC, "utf-8")
        self.write(WRONG)
        self.compiled = 0

    def write(self, text: str) -> None:
        """The one template."""
        (self.root / "templates/apps/[service]/x.yaml.jsonnet").write_text(text, "utf-8")

    def request(self) -> Request:
        """Of a render, with a cache."""
        root = self.root
        cache = str(root / "cache")
        return Request(root / "specs", (root / "templates",), (), root / "rendered", date(2026, 11, 22), cache=cache)

    def render(self) -> None:
        """What is to be validated."""
        render(self.request(), Listener(lambda _: None, lambda *_: None))

    def validate(self) -> Validation:
        """Counts the environments that are compiled for it."""
        self.compiled = 0

        def count(_done: int, _total: int) -> None:
            self.compiled += 1

        request = ValidationRequest(self.request()._replace(check=True), (self.root / "crds",), None, "")
        return validate(request, Listener(lambda _: None, count))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """One environment, whose one object is wrong, and rendered."""
    made = Bench(tmp_path)
    made.render()
    return made


def list_rules(validation: Validation) -> list[str]:
    """The rules that are broken."""
    return [finding.rule for finding in validation.findings]


def test_a_verdict_is_remembered(bench: Bench) -> None:
    """The same answer, and nothing is compiled for it."""
    first = bench.validate()
    assert (bench.compiled, list_rules(first)) == (1, ["HFT-X22"])
    second = bench.validate()
    assert bench.compiled == 0
    assert second == first
    assert all(isinstance(finding, Finding) for finding in second.findings)


@pytest.mark.parametrize("name", ["specs/one.yaml", "crds/a.json", "rendered/one/apps/web/x.yaml"])
def test_a_change_is_looked_at(bench: Bench, name: str) -> None:
    """Of a spec, of definitions, of the tree on disk."""
    bench.validate()
    file = bench.root / name
    file.write_text(CRD if name.startswith("crds") else file.read_text("utf-8") + "# changed\n", "utf-8")
    assert "HFT-X22" in list_rules(bench.validate())
    assert bench.compiled == 1


def test_a_tree_that_was_never_rendered_is_told(tmp_path: Path) -> None:
    """And nothing is remembered of what is not on disk."""
    bench = Bench(tmp_path)
    for _ in range(2):
        assert sorted(list_rules(bench.validate())) == ["HFT-X22", "HFT-X23"]
        assert bench.compiled == 1


def test_a_mended_template_passes(bench: Bench) -> None:
    """A verdict does not outlive its cause."""
    bench.validate()
    bench.write(WRONG.replace("dta", "data"))
    bench.render()
    assert bench.validate().is_passed()
