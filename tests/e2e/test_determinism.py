"""The same specs give the same bytes: whoever renders, wherever, whenever."""

import random
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.tools import checkout
from tests.tools.process import run

_HFTGEN = Path(sys.executable).with_name("hftgen")


class Machine(NamedTuple):
    """A machine unlike the others: its name, its environment, how a render is called on it."""

    name: str
    environment: dict[str, str]
    jobs: int
    folder: str
    shuffle: int = 0
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


_MACHINES = [
    Machine("plain", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}, 1, "a"),
    Machine(
        "far-east",
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "SOURCE_DATE_EPOCH": "0"},
        2,
        "b ü/deeper",
        shuffle=1,
    ),
    Machine(
        "ascii",
        {
            "PYTHONHASHSEED": "4242",
            "TZ": "America/St_Johns",
            "LC_ALL": "POSIX",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONUTF8": "0",
        },
        3,
        "c",
        shuffle=2,
        options=("--as-of", "2031-02-28", "--no-cache"),
    ),
]


@pytest.mark.parametrize("machine", _MACHINES, ids=str)
def test_a_render_depends_on_the_repository_alone(tmp_path: Path, machine: Machine) -> None:
    """Hash seed, zone, locale, date, jobs, folder, key order and cache change no byte and no name of any output."""
    repository = checkout.copy(tmp_path / machine.folder, without=("rendered", "tests", "generator"))
    for spec in (repository / "specs").glob("*.yaml"):
        _shuffle(spec, machine.shuffle)
    command: list[str | Path] = [_HFTGEN, "render", "--jobs", str(machine.jobs), *machine.options]
    command += [part for name in ("specs", "templates", "policies") for part in (f"--{name}", repository / name)]
    done = run([*command, "--output", repository / "out"], cwd=tmp_path, env=machine.environment)
    assert done.code == 0, done.both()
    expected, actual = checkout.read_tree(checkout.REPOSITORY / "rendered"), checkout.read_tree(repository / "out")
    assert actual.keys() == expected.keys()
    assert [name for name in expected if actual[name] != expected[name]] == []


def test_the_committed_tree_is_what_the_specs_say() -> None:
    """`render --check` has nothing to change: nobody edited rendered/ by hand, nobody forgot to render."""
    done = run([_HFTGEN, "render", "--check", "--no-cache"], cwd=checkout.REPOSITORY)
    assert done.code == 0, done.both()


def _shuffle(spec: Path, seed: int) -> None:
    """Write a spec again with its keys in another order, each scalar as it was written; seed 0 leaves it alone."""
    if seed:
        root = yaml.compose(spec.read_text(encoding="utf-8"), yaml.SafeLoader)
        assert root
        _shuffle_node(root, random.Random(seed))
        spec.write_text(yaml.serialize(root, allow_unicode=True, width=10**6), encoding="utf-8")


def _shuffle_node(node: yaml.Node, chance: random.Random) -> None:
    if isinstance(node, yaml.MappingNode):
        chance.shuffle(node.value)
        children = [child for _, child in node.value]
    else:
        children = node.value if isinstance(node, yaml.SequenceNode) else []
    for child in children:
        _shuffle_node(child, chance)
