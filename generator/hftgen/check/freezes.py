"""What freezes cost: windows that block much more time than the sessions need."""

from collections.abc import Iterator, Mapping
from typing import Any

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.spec.load import Loaded

# Percent of the time that sessions with margins leave free.
MUCH = 5.0


def find_wasteful_freezes(loaded: Loaded, context: Mapping[str, Any]) -> Iterator[Finding]:
    """HFT-X08: weekly windows cannot say holidays, nor that hours have changed; where that costs much, it is said."""
    prefix = f"{context['argocd']['project']}-"
    found: dict[tuple[str | int, ...], Finding] = {}
    for cluster in sorted(loaded.services):
        for freeze in context["clusters"][cluster]["argocd"]["freezes"]:
            if float(freeze["percent"]) >= MUCH:
                path = _find_path(loaded, cluster, [name.removeprefix(prefix) for name in freeze["applications"]])
                hint = "let the horizon begin after the last change of hours, or freeze by fewer calendars"
                found.setdefault(path, make_finding(loaded, "HFT-X08", path, _describe(freeze), hint))
    yield from found.values()


def find_cramped_clouds(loaded: Loaded, context: Mapping[str, Any]) -> Iterator[Finding]:
    """HFT-X57: freezes that together leave a cloud no time to change machines: it does so in somebody's session."""
    for name in sorted(loaded.services):
        cluster = context["clusters"][name]
        window = cluster.get("maintenance")
        if "terraform" not in cluster or not cluster["argocd"]["freezes"] or (window and window["whole"]):
            continue
        where = "outside of the environment's own freeze alone" if window else "when it likes, or on Saturdays"
        yield make_finding(
            loaded,
            "HFT-X57",
            ("clusters", name),
            "its freezes together leave the cloud no 12 hours a week, in stretches of 4, to repair and to upgrade: it "
            f"does so {where}",
            "freeze services of one cluster by calendars that close together, or give those of others a cluster",
        )


def _find_path(loaded: Loaded, cluster: str, parts: list[str]) -> tuple[str | int, ...]:
    """Where the freeze of these parts is said: by the first that has its own, else for all."""
    services = loaded.services[cluster]
    own = [part for part in parts if part in services and services[part].freeze is not None]
    return ("services", own[0], "freeze") if own else ("gitops", "freeze")


def _describe(freeze: Mapping[str, Any]) -> str:
    reasons = [
        f"{name} closed {idle['closed']} times when its window came, and was open shorter {idle['short']} times"
        for name, idle in freeze["calendars"].items()
    ]
    return (
        f"{freeze['frozen']} of the {freeze['free']} hours outside sessions are frozen too ({freeze['percent']} %), "
        f"for windows recur by the week: {'; '.join(reasons)}"
    )
