"""Findings at their place in the spec."""

from hftgen.check.finding import Finding
from hftgen.errors import format_path
from hftgen.spec.load import Loaded


def make_finding(
    loaded: Loaded, rule: str, path: tuple[str | int, ...], message: str, hint: str, *, dated: bool = False
) -> Finding:
    """A warning about a field; its subject is the field's path."""
    environment, subject = str(loaded.environment.environment), format_path(path)
    return Finding(rule, "warning", environment, subject, message, hint, *loaded.place(path), dated=dated)
