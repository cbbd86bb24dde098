"""One source of truth: what several tools are told is the same in all of their files, and a changed one is noticed."""

import re
import shutil

import pytest

from tests.e2e.agreement.claim import Claim, Pair, compare, list_shared
from tests.e2e.agreement.pairs import PAIRS
from tests.e2e.tree import Tree

# The tree in which every reader of a pair has something to say, where that is not the committed one.
HOMES = {"secret's path": "amazon", "backups": "amazon"}

each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair.name))


@each_pair
def test_all_outputs_say_the_same(tree: Tree, pair: Pair) -> None:
    """In the committed tree and in every platform's."""
    assert compare(pair, tree) == []


@each_pair
def test_every_pair_is_somewhere(request: pytest.FixtureRequest, tree: Tree, pair: Pair) -> None:
    """There is a tree in which each reader of it finds something to say: a check of nothing is no check."""
    if request.node.callspec.params["tree"] == HOMES.get(pair.name, "committed"):
        assert [reader.__name__ for reader in pair.readers if not list(reader(tree))] == []
        assert list_shared(pair, tree)


@pytest.fixture(scope="module")
def copy(tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tree's files, to be spoilt and mended."""
    repository = tmp_path_factory.mktemp("agreement")
    shutil.copytree(tree.repository / "specs", repository / "specs")
    shutil.copytree(tree.rendered, repository / "rendered")
    return Tree(repository)


@pytest.mark.delivery
@each_pair
def test_a_changed_file_is_noticed(copy: Tree, pair: Pair) -> None:
    """Whichever file of a pair is changed by hand: one claim of each file, each in its turn."""
    mutants = {each.file: each for each in list_shared(pair, copy)}
    unnoticed = [f"{file}: {each.text}" for file, each in mutants.items() if not _spoil(pair, copy, each)]
    assert unnoticed == []


def _spoil(pair: Pair, copy: Tree, said: Claim) -> bool:
    """Whether a file that says something else is noticed; afterwards it is as before."""
    before = said.file.read_text(encoding="utf-8")
    after = _replace(before, said.text)
    assert after != before, f"{said.file} does not say {said.text}"
    said.file.write_text(after, encoding="utf-8")
    try:
        return bool(compare(pair, copy))
    finally:
        said.file.write_text(before, encoding="utf-8")


def _replace(text: str, value: str) -> str:
    """The text with another value wherever this one stands alone: another number for a number, else other letters."""
    other = str(int(value) + 1) if value.isdigit() else _turn(value)
    return re.sub(rf"(?<![\w.-]){re.escape(value)}(?![\w-])", other.replace("\\", r"\\"), text)


def _turn(value: str) -> str:
    """A value of the same form: its last letter or digit is another one."""
    index = max(index for index, letter in enumerate(value) if letter.isalnum())
    turned = {"z": "a", "Z": "A", "9": "0"}.get(value[index], chr(ord(value[index]) + 1))
    return f"{value[:index]}{turned}{value[index + 1 :]}"
