"""Builds that nobody makes: images are made once for all environments, by one environment's section."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.repository import choose_speaker
from hftgen.spec.build import Build
from hftgen.spec.load import Loaded


def find_unheard_builds(contexts: Mapping[str, dict[str, Any]], load: Callable[[str], Loaded]) -> Iterator[Finding]:
    """HFT-X69: what an environment's `build` says otherwise than the one that holds for all is not done.

    `contexts` of all environments; `load` gives the spec of one, for its place.
    """
    speaker = choose_speaker(contexts, "build")
    for name, context in sorted(contexts.items()):
        if speaker is None or name == speaker or "build" not in context:
            continue
        if fields := _list_differences(context["build"], contexts[speaker]["build"]):
            message = f"{name} says otherwise than {speaker}, whose build holds for all images: {', '.join(fields)}"
            hint = "say it in a file that both extend: what one environment tests is what the next one runs"
            yield make_finding(load(name), "HFT-X69", ("build",), message, hint)


def _list_differences(build: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The fields of the spec that differ; packages of services count as required."""
    fields = [field for field in Build.model_fields if build.get(field) != other.get(field)]
    if "requires" not in fields and build["packaging"]["requires"] != other["packaging"]["requires"]:
        fields.append("requires")
    return sorted(fields)
