"""Waivers: findings that somebody accepted, with an owner, a reason and an end."""

from collections.abc import Iterable, Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.check.rules import VALIDATED
from hftgen.spec.load import Loaded
from hftgen.spec.nearest import list_names, suggest


def apply_waivers(loaded: Loaded, findings: Iterable[Finding]) -> list[Finding]:
    """The findings that nobody waived. A waiver that ended still waives: its end is a finding of its own."""
    waived = {(waiver.rule, waiver.object) for waiver in loaded.environment.waivers}
    return [finding for finding in findings if (finding.rule, finding.subject) not in waived]


def find_idle_waivers(loaded: Loaded, findings: Iterable[Finding], rules: Iterable[str]) -> Iterator[Finding]:
    """HFT-X04 and HFT-X05: a waiver that matches no finding hides the next one; one of no known rule is a slip.

    Whether one of a rule of VALIDATED is idle cannot be told by a render, and is not told by anybody.
    """
    known = set(rules)
    met = {(finding.rule, finding.subject) for finding in findings}
    for index, waiver in enumerate(loaded.environment.waivers):
        if waiver.rule not in known:
            hint = suggest(waiver.rule, known) or f"known rules: {list_names(known)}"
            message = f"there is no rule {waiver.rule}"
            yield make_finding(loaded, "HFT-X05", ("waivers", index, "rule"), message, hint)
        elif (waiver.rule, waiver.object) not in met and waiver.rule not in VALIDATED:
            message = f"nothing breaks {waiver.rule} at {waiver.object}: it would hide a new finding"
            yield make_finding(loaded, "HFT-X04", ("waivers", index), message, "remove the waiver")
