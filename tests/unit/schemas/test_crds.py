"""CustomResourceDefinitions from files."""

import json
from pathlib import Path
from typing import Any

import pytest

from hftgen.errors import InputError
from hftgen.schemas.crds import Definitions

SCHEMA = {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object"}}}}


def make_crd(kind: str, *versions: str) -> dict[str, Any]:
    """A definition of which only the first version is served."""
    rows = [{"name": name, "served": name == versions[0], "schema": SCHEMA} for name in versions]
    spec = {"group": "example.com", "names": {"kind": kind}, "versions": rows}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": spec}


def test_what_kubectl_prints_is_read(tmp_path: Path) -> None:
    """A list as JSON, documents as YAML; versions that are not served do not count."""
    (tmp_path / "all.json").write_text(json.dumps({"kind": "List", "items": [make_crd("A", "v1", "v1beta1")]}))
    text = "---\n".join(json.dumps(item) + "\n" for item in (make_crd("B", "v1"), make_crd("C", "v2")))
    (tmp_path / "more.yaml").write_text(f"# a comment\n---\n{text}---\n")
    (tmp_path / "README.md").write_text("not read")
    found = Definitions([tmp_path], None).schemas
    assert set(found) == {("example.com", version, kind) for version, kind in (("v1", "A"), ("v1", "B"), ("v2", "C"))}
    assert found["example.com", "v1", "A"]["additionalProperties"] is False


def test_a_file_is_read_once(tmp_path: Path) -> None:
    """What it said is remembered by its digest; a damaged memory is made anew."""
    folder, cache = tmp_path / "crds", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(make_crd("A", "v1")))
    first = Definitions([folder], cache).schemas
    (kept,) = cache.iterdir()
    assert Definitions([folder], cache).schemas == first
    kept.write_text("{")
    assert Definitions([folder], cache).schemas == first
    (folder / "a.json").write_text(json.dumps(make_crd("B", "v1")))
    assert set(Definitions([folder], cache).schemas) == {("example.com", "v1", "B")}


def test_the_first_folder_wins(tmp_path: Path) -> None:
    """One's own definition stands before others."""
    for name, kind in (("one", "object"), ("two", "string")):
        crd = make_crd("A", "v1")
        crd["spec"]["versions"][0]["schema"] = {"openAPIV3Schema": {"type": kind}}
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.json").write_text(json.dumps(crd))
    found = Definitions([tmp_path / "one", tmp_path / "two"], None).schemas
    assert found["example.com", "v1", "A"]["type"] == "object"


@pytest.mark.parametrize("text", ["[", '{"kind": "CustomResourceDefinition"}', "[1]", '"x"', "a: b: c"])
def test_a_file_that_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    """With its name; never a traceback."""
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError) as caught:
        assert Definitions([tmp_path], None).schemas
    assert "a.json" in str(caught.value)
