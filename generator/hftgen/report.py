"""What a render did, or would do: data for whoever prints it."""

from collections.abc import Mapping
from typing import NamedTuple

from hftgen.check.finding import Finding


class EnvironmentReport(NamedTuple):
    """One folder below rendered/: sorted paths relative to it, and the seconds of its compilation.

    `gone`: it has no spec any more. `cached`: nothing had changed since it was rendered last.
    """

    name: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    seconds: float = 0.0
    gone: bool = False
    cached: bool = False

    def is_changed(self) -> bool:
        """Whether any file differs."""
        return bool(self.added or self.changed or self.removed or self.gone)


class Report(NamedTuple):
    """All folders by name, the findings that stand, and the wanted contents of what changes (for --check)."""

    environments: tuple[EnvironmentReport, ...]
    findings: tuple[Finding, ...]
    wanted: Mapping[str, Mapping[str, bytes]]

    def is_changed(self) -> bool:
        """Whether any file of any environment differs."""
        return any(environment.is_changed() for environment in self.environments)
