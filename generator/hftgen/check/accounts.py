"""What several environments would make at a cloud, where there can be one."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.spec.load import Loaded


def find_shared_accounts(contexts: Mapping[str, Mapping[str, Any]], load: Callable[[str], Loaded]) -> Iterator[Finding]:
    """HFT-X50: two environments make what an account has once, or the same bucket: the second apply fails.

    `contexts` of all environments; `load` gives the spec of one, for its place. Told for all but the first.
    """
    makers: dict[tuple[str, str], list[str]] = {}
    for name, context in sorted(contexts.items()):
        for kind, thing in context.get("terraform", {}).get("owns", ()):
            makers.setdefault((kind, thing), []).append(name)
    for (kind, thing), names in makers.items():
        for name in names[1:]:
            message, hint = _TEXTS[kind]
            yield make_finding(
                load(name), "HFT-X50", ("terraform",), message.format(name=name, first=names[0], thing=thing), hint
            )


# By what it is: the message, and what to do.
_TEXTS = {
    "account": (
        "{name} and {first} both make what {thing} has once: the second apply fails",
        "`ownsAccounts: false` in the section terraform of all environments of the account but one",
    ),
    "bucket": (
        "{name} and {first} both make the bucket of states {thing}: the second apply fails",
        "a bucket for each environment: clusters.*.state",
    ),
}
