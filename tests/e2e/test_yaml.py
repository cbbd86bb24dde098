"""Every rendered YAML file means the same to every reader, and every JSON file is JSON."""

import json
from pathlib import Path
from typing import Any

import ruamel.yaml
import yaml

from tests.e2e.tree import Tree


def test_yaml_means_the_same_to_every_reader(tree: Tree) -> None:
    """YAML 1.1 (PyYAML) and 1.2 (ruamel) read the same values; a key that stands twice is refused by the second."""
    files = _files(tree, "yaml", "yml")
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        old = list(yaml.load_all(text, yaml.CSafeLoader))
        new = list(ruamel.yaml.YAML(typ="safe", pure=True).load_all(text))
        assert old == new, file
        assert json.dumps(old) == json.dumps(new), file


def test_json_is_json(tree: Tree) -> None:
    """Parsed without the extensions of Python's reader; no key stands twice."""
    for file in _files(tree, "json"):
        json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)


def test_text_is_clean(tree: Tree) -> None:
    """UTF-8, lines that end with LF, no space at a line's end: nothing that a review would stumble over."""
    for file in tree.rendered.rglob("*"):
        text = file.read_bytes().decode("utf-8") if file.is_file() else ""
        assert "\r" not in text, file
        assert not text or text.endswith("\n"), file
        assert [line for line in text.split("\n") if line != line.rstrip(" \t")] == [], file


def _files(tree: Tree, *endings: str) -> list[Path]:
    """Rendered files, but for a chart's templates, which are no YAML before Helm has read them."""
    files = [file for ending in endings for file in sorted(tree.rendered.rglob(f"*.{ending}"))]
    return [file for file in files if not _is_chart_template(file.relative_to(tree.rendered).parts)]


def _is_chart_template(parts: tuple[str, ...]) -> bool:
    return parts[1:2] == ("helm",) and parts[3:4] == ("templates",)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


def _refuse(word: str) -> Any:
    message = f"{word} is no JSON"
    raise ValueError(message)
