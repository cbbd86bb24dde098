"""What rendered files say of one thing, so that they can be held against each other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.e2e.tree import Tree


class Claim(NamedTuple):
    """One file's word on one thing.

    `about` names the thing (`production/aws-use1/latency`), `value` is what is said in a form that all readers share,
    `text` how the file writes it; empty where another value would be as right.
    """

    about: str
    value: str
    file: Path
    text: str


Reader = Callable[[Tree], Iterator[Claim]]


class Pair(NamedTuple):
    """Outputs that must say the same: every reader's claims are held against those of the first.

    The first reader knows everything; the others may say less, but nothing that it does not know.
    """

    name: str
    readers: tuple[Reader, ...]


def claim(about: Iterable[object], value: object, file: Path, text: object = None) -> Claim:
    """A claim about the thing whose name has these parts; the file writes its value as it is, unless it is said."""
    return Claim("/".join(map(str, about)), str(value), file, str(value if text is None else text))


def compare(pair: Pair, tree: Tree) -> list[str]:
    """Every disagreement, as a sentence."""
    known: dict[str, list[Claim]] = {}
    for each in pair.readers[0](tree):
        known.setdefault(each.about, []).append(each)
    told = [each for reader in pair.readers[1:] for each in reader(tree)]
    return [problem for each in told for problem in _hold(pair, each, known.get(each.about, ()))] + [
        f"{pair.name}: {about} is {' and '.join(sorted({each.value for each in claims}))} in {claims[0].file.name}"
        for about, claims in known.items()
        if len({each.value for each in claims}) > 1
    ]


def _hold(pair: Pair, said: Claim, known: Sequence[Claim]) -> Iterator[str]:
    if not known:
        yield f"{pair.name}: {said.file} speaks of {said.about}, which nobody knows"
    for each in known:
        if each.value != said.value:
            yield f"{pair.name}: {said.about} is {said.value} in {said.file}, and {each.value} in {each.file}"


def list_shared(pair: Pair, tree: Tree) -> list[Claim]:
    """The claims about what at least two readers speak of."""
    found = [list(reader(tree)) for reader in pair.readers]
    counts: dict[str, int] = {}
    for claims in found:
        for about in {each.about for each in claims}:
            counts[about] = counts.get(about, 0) + 1
    return [each for claims in found for each in claims if each.text and counts[each.about] > 1]
