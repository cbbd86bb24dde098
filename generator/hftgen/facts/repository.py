"""What the trading system's own repository is given, once for all environments: whose section speaks for all."""

from collections.abc import Callable, Mapping

from hftgen.facts.record import Facts

Contexts = Mapping[str, Facts]

# What reaches production decides: the environments before it run the same images.
_TIERS = ("production", "staging", "development")


def derive_repository(contexts: Contexts) -> dict[str, Facts]:
    """`envs` of the templates below repository/: the contexts of all environments by name.

    Each has `speaksFor`, sorted: those of `build` and the CI systems (`gitlab`, ...) for which its own sections `build`
    and `ci` are the ones that hold. At most one environment speaks for each.
    """
    subjects = {"build", *(system for context in contexts.values() for system in _list_systems(context))}
    speakers = {subject: choose_speaker(contexts, subject) for subject in sorted(subjects)}
    return {
        name: {**context, "speaksFor": [subject for subject, speaker in speakers.items() if speaker == name]}
        for name, context in contexts.items()
    }


def choose_speaker(contexts: Contexts, subject: str) -> str | None:
    """The environment whose sections hold for `build` or a CI system: the highest tier's that has one, then by name."""
    wants = _has_build if subject == "build" else _wants(subject)
    able = [name for name, context in contexts.items() if wants(context)]
    return min(able, key=lambda name: (_TIERS.index(contexts[name]["tier"]), name), default=None)


def _has_build(context: Facts) -> bool:
    return "build" in context


def _wants(system: str) -> Callable[[Facts], bool]:
    return lambda context: system in _list_systems(context)


def _list_systems(context: Facts) -> list[str]:
    systems: list[str] = context.get("ci", {}).get("systems", [])
    return systems
