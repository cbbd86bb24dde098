"""Whatever is emitted, every reader reads back."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hftgen.render.emit import emit_json, emit_yaml
from tests.unit.render.values import MORE, PIECES, documents, keys, texts


def read_both(text: str) -> list[Any]:
    """The documents as PyYAML (YAML 1.1) reads them; ruamel (YAML 1.2) must agree."""
    old = list(yaml.load_all(text, Loader=yaml.CSafeLoader))
    new = list(YAML(typ="safe", pure=True).load_all(text))
    assert repr(old) == repr(new)
    return old


@given(st.lists(documents, min_size=1, max_size=3), st.sampled_from(["", "made by a test\nfrom x"]))
def test_yaml_is_read_back(values: list[Any], header: str) -> None:
    """YAML 1.1 and 1.2 readers give back the values, of the same types."""
    assert read_both(emit_yaml(values, header)) == values


@given(documents)
def test_json_is_read_back(value: Any) -> None:
    """JSON readers give back the value, and YAML readers too, since JSON files are read as YAML now and then."""
    assert json.loads(emit_json(value)) == value


@given(st.dictionaries(keys, texts, max_size=3), texts, texts)
def test_comments_change_nothing(value: dict[str, str], above: str, top: str) -> None:
    """Whatever a comment says, the value stays what it is, for mappings and for items of lists."""
    commented = {"#": top, **value, **{f"#{key}": above for key in value}}
    assert read_both(emit_yaml([{"a": commented, "b": [commented, commented]}], top)) == [
        {"a": value, "b": [value] * 2}
    ]
    assert json.loads(emit_json(commented)) == value


@pytest.mark.parametrize("text", [*PIECES, *MORE])
def test_each_treacherous_text(text: str) -> None:
    """As a value, as an item, as a key and as a document: a known trap stays the same text."""
    name = f"x{text}"
    value = {"value": text, "items": [text, {name: text}], "keys": {name: {"deep": text}}}
    assert read_both(emit_yaml([value, text], "")) == [value, text]
    if not text.startswith("#"):
        assert read_both(emit_yaml([{text: text}], "")) == [{text: text}]


def test_each_character_stays_itself() -> None:
    """Every character of Unicode, alone and inside a word."""
    codes = [*range(0x3100), *range(0x3100, 0xD800, 97), *range(0xE000, 0x110000, 97)]
    every = [chr(code) for code in codes]
    every += [chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)]
    values = every + [f"a{character}b" for character in every] + [f"a\n{character}b\n" for character in every]
    assert list(yaml.load_all(emit_yaml([values], ""), Loader=yaml.CSafeLoader)) == [values]
