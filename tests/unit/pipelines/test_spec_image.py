"""The image in a spec: only that text changes, or nothing does."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipelines.scripts import load

edit = load("spec_image")
NEW = "registry.example.com/hft/gateway:abc@sha256:" + "1" * 64

SPECS = {
    "replaced": (
        "services:\n  gateway:   # ours\n    image: old:v1   # why\n    replicas: 2\n",
        f"    image: {NEW}   # why",
    ),
    "in single quotes": ("services:\n  gateway: {image: 'old:v1', replicas: 2}\n", f"{{image: '{NEW}', replicas: 2}}"),
    "in double quotes": ('services:\n  gateway: {image: "old:v1"}\n', f'{{image: "{NEW}"}}'),
    "plain in a flow": ("services:\n  gateway: {replicas: 2, image: old:v1}\n", f"image: {NEW}}}"),
    "inherited": ("services:\n  gateway:\n    # more\n    replicas: 2\n", f"    image: {NEW}\n    replicas: 2"),
    "inherited in a flow": ("services:\n  gateway: {replicas: 2}\n", f'{{image: "{NEW}", replicas: 2}}'),
    "no entry": ("services:\n  other: {replicas: 1}\n", "  other: {replicas: 1}\n"),
    "no services": ("tier: development\n", "tier: development\nservices:\n"),
    "no line at the end": ("tier: development", "tier: development\nservices:\n"),
}


@pytest.mark.parametrize(("before", "expected"), SPECS.values(), ids=SPECS)
def test_an_image_is_set_where_it_stands(before: str, expected: str) -> None:
    """Whatever the spec's style, its comments and its other lines stay as they are."""
    after = edit.set_image(before, "gateway", NEW)
    assert expected in after
    assert yaml.safe_load(after)["services"]["gateway"]["image"] == NEW
    kept = [line for line in before.splitlines() if "gateway" not in line and "image" not in line]
    assert [line for line in kept if line not in after.splitlines()] == []


def test_overrides_of_clusters_follow() -> None:
    """A cluster's own image of the same repository is set too; another one is somebody's intent."""
    same = NEW.partition(":abc")[0]
    overrides = f"      a: {{image: '{same}:v1'}}\n      b: {{image: 'other:v1'}}\n"
    text = f"services:\n  gateway:\n    image: old\n    clusters:\n{overrides}"
    clusters = yaml.safe_load(edit.set_image(text, "gateway", NEW))["services"]["gateway"]["clusters"]
    assert clusters == {"a": {"image": NEW}, "b": {"image": "other:v1"}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x: &x old\nservices:\n  gateway: {image: *x}\n", "anchors and aliases"),
        ("services:\n  gateway: {image: a, image: b}\n", "stands twice"),
        ("services:\n  gateway:\n", "write it as a mapping"),
        ("services: null\n", "write it as a mapping"),
        ("services:\n  gateway:\n    image: |\n      old\n", "one line"),
        ("- a\n", "no mapping"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(text: str, reason: str) -> None:
    """The reason says where, and nothing is written."""
    with pytest.raises(edit.EditError, match=reason):
        edit.set_image(text, "gateway", NEW)


NAMES = st.text("abcxyz", min_size=1, max_size=4)


@given(st.dictionaries(NAMES, st.sampled_from(["{}", "{replicas: 1}", "{image: 'a/b:c'}"]), max_size=5), NAMES)
def test_nothing_but_the_image_changes(services: dict[str, str], name: str) -> None:
    """Read back, a spec differs from what it was in that one value."""
    text = "tier: staging\nservices:\n" + "".join(f"  {key}: {value}\n" for key, value in services.items())
    if not services or services.get(name) == "{}":
        return
    before, after = yaml.safe_load(text), yaml.safe_load(edit.set_image(text, name, NEW))
    before["services"].setdefault(name, {})["image"] = NEW
    assert after == before


def test_services_are_found_by_repository() -> None:
    """Tag and digest do not matter, a longer name does; a port is no tag."""
    services = {"a": {"image": "r:5000/x:v1"}, "b": {"image": "r:5000/x-more:v1"}, "c": {"image": "r:5000/x"}, "d": {}}
    assert edit.find_services(services, f"r:5000/x:v2@sha256:{'2' * 64}") == ["a", "c"]
