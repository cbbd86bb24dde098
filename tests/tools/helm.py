"""helm, offline."""

from pathlib import Path

from tests.tools import pins
from tests.tools.process import Done, run


def lint(chart: Path, values: Path, kubernetes: str) -> Done:
    """`helm lint --strict` with one cluster's values."""
    return run([pins.BIN / "helm", "lint", "--strict", "--kube-version", kubernetes, "--values", values, chart])


def template(chart: Path, values: Path, kubernetes: str, namespace: str) -> str:
    """What `helm install` of this release would apply. Raises RuntimeError with helm's own words."""
    command: list[str | Path] = [pins.BIN / "helm", "template", chart.name, chart, "--values", values]
    done = run([*command, "--namespace", namespace, "--kube-version", kubernetes])
    if done.code or done.err.strip():
        message = f"helm template {chart} --values {values.name}\n{done.err.strip()}"
        raise RuntimeError(message)
    return done.out
