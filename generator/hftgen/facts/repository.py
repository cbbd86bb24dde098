"""What the trading system's own repository is given, once for all environments: whose section speaks for all."""

from collections.abc import Callable, Iterable, Mapping

from hftgen.facts.record import Facts

Contexts = Mapping[str, Facts]

# What reaches production decides: the environments before it run the same images.
_TIERS = ("production", "staging", "development")


def derive_repository(contexts: Contexts) -> dict[str, Facts]:
    """`envs` of the templates below repository/: the contexts of all environments by name.

    Each has `speaksFor`, sorted: those of `build` and the CI systems (`gitlab`, ...) for which its own sections `build`
    and `ci` are the ones that hold. At most one environment speaks for each. A service's `recipe` is left in the
    context of the highest tier that has one, `local` in that of the lowest tier.
    """
    subjects = {"build", *(system for context in contexts.values() for system in _list_systems(context))}
    speakers = {subject: choose_speaker(contexts, subject) for subject in sorted(subjects)}
    order = sorted(contexts, key=lambda name: (_TIERS.index(contexts[name]["tier"]), name))
    nearest = min(contexts, key=lambda name: (-_TIERS.index(contexts[name]["tier"]), name), default=None)
    seen: set[str] = set()
    return {
        name: {
            **_leave_out(contexts[name], () if name == nearest else ("local",)),
            "services": _leave_recipes(contexts[name]["services"], seen),
            "speaksFor": [subject for subject, speaker in speakers.items() if speaker == name],
        }
        for name in order
    }


def choose_speaker(contexts: Contexts, subject: str) -> str | None:
    """The environment whose sections hold for `build` or a CI system: the highest tier's that has one, then by name."""
    wants = _has_build if subject == "build" else _wants(subject)
    able = [name for name, context in contexts.items() if wants(context)]
    return min(able, key=lambda name: (_TIERS.index(contexts[name]["tier"]), name), default=None)


def _leave_recipes(services: Facts, seen: set[str]) -> Facts:
    """The services, with the recipes of those that were not seen before; `seen` grows by them."""
    kept = {
        name: _leave_out(service, ("recipe",) if name in seen else ()) for name, service in sorted(services.items())
    }
    seen.update(name for name, service in kept.items() if "recipe" in service)
    return kept


def _leave_out(facts: Facts, keys: Iterable[str]) -> Facts:
    return {key: value for key, value in facts.items() if key not in keys}


def _has_build(context: Facts) -> bool:
    return "build" in context


def _wants(system: str) -> Callable[[Facts], bool]:
    return lambda context: system in _list_systems(context)


def _list_systems(context: Facts) -> list[str]:
    systems: list[str] = context.get("ci", {}).get("systems", [])
    return systems
