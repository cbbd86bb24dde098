"""Findings at their place in the spec."""

from hftgen.check.finding import Finding
from hftgen.errors import format_path
from hftgen.spec.load import Loaded, SpecPath


def make_finding(
    loaded: Loaded, rule: str, path: tuple[str | int, ...], message: str, hint: str, *, dated: bool = False
) -> Finding:
    """A warning about a field; its subject is the field's path."""
    environment, subject = str(loaded.environment.environment), format_path(path)
    return Finding(rule, "warning", environment, subject, message, hint, *loaded.place(path), dated=dated)


def find_owner(loaded: Loaded, path: str) -> SpecPath:
    """The section of the spec that a rendered file is made from: a service, datastores, or the spec as a whole."""
    parts = [part.removesuffix(".yaml") for part in path.split("/")]
    for part in reversed(parts):
        if part in loaded.environment.services:
            return ("services", part)
    if "datastores" in parts:
        return ("datastores",)
    cluster = next((part for part in parts if part in loaded.environment.clusters), None)
    return ("clusters", cluster) if cluster is not None else ()
