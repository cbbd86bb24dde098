"""What pipelines run in: the firm's own images, which only the firm can pin."""

from collections.abc import Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.bases import is_pinned
from hftgen.facts.pipelines.tools import OWN, find_own
from hftgen.spec.load import Loaded

FIELDS = {"builder": "builder", "tools": "image"}


def find_moving_tools(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X67: jobs that publish to production run in an image that a tag means that day."""
    environment = loaded.environment
    if environment.ci is None or environment.tier != "production":
        return
    for name in OWN if environment.build is not None else ("tools",):
        reference = find_own(environment.ci, name)
        if reference and not is_pinned(reference, loaded.tables):
            said = getattr(environment.ci, FIELDS[name]) is not None
            yield make_finding(
                loaded,
                "HFT-X67",
                ("ci", FIELDS[name]) if said else ("ci",),
                f"pipelines run in {reference}, a tag that can be moved to other bytes",
                f"build it from ci/{name}.Dockerfile once, and name it with its digest in ci.{FIELDS[name]}",
            )
