"""Every rendered YAML file means the same to every reader, and every JSON file is JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
import yaml

from tests.e2e import rendered


def _files(*endings: str) -> list[Path]:
    """Rendered files, but for a chart's templates, which are no YAML before Helm has read them."""
    files = [file for ending in endings for file in sorted(rendered.RENDERED.rglob(f"*.{ending}"))]
    return [file for file in files if not _is_chart_template(file)]


def _is_chart_template(file: Path) -> bool:
    parts = file.relative_to(rendered.RENDERED).parts
    return len(parts) > 3 and (parts[1], parts[3]) == ("helm", "templates")


def _name(file: Path) -> str:
    return str(file.relative_to(rendered.RENDERED))


@pytest.mark.parametrize("file", _files("yaml", "yml"), ids=_name)
def test_yaml_means_the_same_to_every_reader(file: Path) -> None:
    """YAML 1.1 (PyYAML) and 1.2 (ruamel) read the same values; a key that stands twice is refused by the second."""
    text = file.read_text(encoding="utf-8")
    old = list(yaml.load_all(text, yaml.CSafeLoader))
    new = [_plain(document) for document in ruamel.yaml.YAML(typ="safe", pure=True).load_all(text)]
    assert old == new
    assert json.dumps(old) == json.dumps(new)


@pytest.mark.parametrize("file", _files("json"), ids=_name)
def test_json_is_json(file: Path) -> None:
    """Parsed without the extensions of Python's reader, no key stands twice, and the file ends with a line's end."""
    text = file.read_text(encoding="utf-8")
    json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    assert text.endswith("\n")


@pytest.mark.parametrize("file", _files("*"), ids=_name)
def test_text_is_clean(file: Path) -> None:
    """UTF-8, lines that end with LF, no space at a line's end: nothing that a review would stumble over."""
    if file.is_file():
        text = file.read_bytes().decode("utf-8")
        assert "\r" not in text
        assert [line for line in text.split("\n") if line != line.rstrip(" \t")] == []


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    return [_plain(child) for child in value] if isinstance(value, list) else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


def _refuse(word: str) -> Any:
    message = f"{word} is no JSON"
    raise ValueError(message)
