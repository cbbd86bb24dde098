"""The known names nearest to a wrong one."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, letter case aside; empty where none is near."""
    by_lower = {candidate.lower(): candidate for candidate in sorted(known, reverse=True)}
    close = get_close_matches(name.lower()[:100], by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def suggest(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, else an empty text."""
    near = nearest_name(name, known)
    return f"did you mean {near}?" if near else ""


def list_names(known: Iterable[str], most: int = 12) -> str:
    """Known names in one line, sorted, the rest counted; `none` where there are none."""
    names = sorted(known)
    more = f", and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else "none"
