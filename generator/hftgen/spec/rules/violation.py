"""What a rule says: a field that is wrong, and why."""

from typing import NamedTuple


class Violation(NamedTuple):
    """One broken rule. `path` is the field in the resolved long form; its place is found from the path.

    A field that a cluster's override sets has the path `("services", X, "clusters", C, ...)`.
    """

    path: tuple[str | int, ...]
    message: str
    found: str = ""
    expected: str = ""
    hint: str = ""
