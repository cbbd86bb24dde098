"""What is emitted passes through kustomize and Helm unchanged."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from hftgen.render.emit import emit_yaml
from tests.tools import kustomize, pins
from tests.tools.process import run
from tests.unit.render.values import MORE, PIECES, texts

pytestmark = pytest.mark.tools

# kustomize reads well but writes these so that it refuses its own text: no object with them can pass through it.
LOST_IN_KUSTOMIZE = re.compile("[\x7f-\x9f\ufffe\uffff]")
LONGEST_KEY = 1000


class LiteralLoader(yaml.CSafeLoader):
    """kustomize writes the strings `<<` and `=` plain, which YAML 1.1 takes for something else."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own form
        start: [row for row in rows if row[0] not in ("tag:yaml.org,2002:merge", "tag:yaml.org,2002:value")]
        for start, rows in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def collect_texts() -> list[str]:
    """The known traps and 400 more, each once, in an order of its own."""
    found = dict.fromkeys([*PIECES, *MORE])

    @given(texts)
    @settings(max_examples=400)
    def collect(text: str) -> None:
        found[text] = None

    collect()
    return [text for text in found if not LOST_IN_KUSTOMIZE.search(text)]


def test_kustomize_reads_back_strings(tmp_path: Path) -> None:
    """Values and keys of a ConfigMap, and items of a list, come out of `kustomize build` as they went in.

    It cannot keep longer keys, nor an annotation of several lines whose first begins with a tab, and drops a key `<<`
    in whatever quotes.
    """
    every = collect_texts()
    assert len(every) > 300
    annotations = {f"a{number}": text for number, text in enumerate(every) if not text.startswith("\t")}
    keys = [text for text in every if len(text.encode()) < LONGEST_KEY]
    objects: list[dict[str, Any]] = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "texts", "annotations": annotations},
            "data": {f"x{text}": text for text in keys},
        },
        {
            "apiVersion": "example.com/v1",
            "kind": "Example",
            "metadata": {"name": "values"},
            "spec": {"items": every, "keys": {text: {text: 1} for text in keys if text[:1] != "#" and text != "<<"}},
        },
    ]
    (tmp_path / "objects.yaml").write_text(emit_yaml(objects, "made by a test"), encoding="utf-8")
    (tmp_path / "kustomization.yaml").write_text(emit_yaml([{"resources": ["objects.yaml"]}], ""), encoding="utf-8")
    built = yaml.load_all(kustomize.build(tmp_path), Loader=LiteralLoader)
    assert list(built) == objects


def make_chart(tmp_path: Path, documents: list[Any]) -> Path:
    """A chart with one template."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 0.0.1\n", encoding="utf-8")
    (tmp_path / "templates" / "_labels.tpl").write_text('{{ define "labels" }}b: c{{ end }}', encoding="utf-8")
    (tmp_path / "templates" / "all.yaml").write_text(emit_yaml(documents, "made by a test"), encoding="utf-8")
    return tmp_path


def render_chart(chart: Path, values: dict[str, Any]) -> list[Any]:
    """The documents that helm makes of it."""
    (chart / "values.yaml").write_text(emit_yaml([values], ""), encoding="utf-8")
    done = run([pins.BIN / "helm", "template", chart])
    assert done.code == 0, done.both()
    return [one for one in yaml.load_all(done.out, Loader=yaml.CSafeLoader) if one is not None]


def config_map(name: str, data: Any) -> dict[str, Any]:
    """An object to put values into."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_helm_lines_do_what_they_say(tmp_path: Path) -> None:
    """Expressions, maps, includes and guards at every place where they may stand, on and off."""
    data = {
        "text": "line\n\n\n",
        "number": {"{{}}": ".Values.number"},
        "guarded": {"{{if}}": ".Values.on", "then": "x\n"},
        "list": [
            {"{{}}": ".Values.number"},
            {"{{if}}": ".Values.on", "then": {"name": "y", "#name": "why"}},
            {"{{if}}": ".Values.on", "then": "z"},
            {"inner": {"{{if}}": ".Values.on", "then": [1]}, "last": "a"},
            {"{{toYaml}}": ".Values.map"},
        ],
        "map": {"{{toYaml}}": ".Values.map"},
        "none": {"{{toYaml}}": ".Values.none"},
        "labels": {"a": "y", "{{include}}": 'include "labels" .'},
        "block": "a\n",
    }
    guarded = {"{{if}}": ".Values.on", "then": config_map("guarded", {"a": "b"})}
    chart = make_chart(tmp_path, [config_map("first", data), guarded, config_map("last", {"x": "y"})])
    values = {"number": 3, "map": {"k": "no", "l": ["y"]}, "none": {}}
    fixed = {"text": "line\n\n\n", "number": 3, "map": values["map"], "none": {}, "block": "a\n"}
    fixed["labels"] = {"a": "y", "b": "c"}
    on = {**fixed, "guarded": "x\n", "list": [3, {"name": "y"}, "z", {"inner": [1], "last": "a"}, values["map"]]}
    off = {**fixed, "list": [3, {"last": "a"}, values["map"]]}
    last = config_map("last", {"x": "y"})
    rendered = sorted(render_chart(chart, {**values, "on": True}), key=lambda one: str(one["metadata"]["name"]))
    assert rendered == [config_map("first", on), config_map("guarded", {"a": "b"}), last]
    rendered = sorted(render_chart(chart, {**values, "on": False}), key=lambda one: str(one["metadata"]["name"]))
    assert rendered == [config_map("first", off), last]


def test_a_file_whose_only_document_is_guarded_renders_to_nothing(tmp_path: Path) -> None:
    """Helm takes a file with nothing but the header's comment for no object."""
    chart = make_chart(tmp_path, [{"{{if}}": ".Values.on", "then": config_map("a", {"b": "c"})}])
    assert render_chart(chart, {"on": False}) == []
    assert render_chart(chart, {"on": True}) == [config_map("a", {"b": "c"})]
