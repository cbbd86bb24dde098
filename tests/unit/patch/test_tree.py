"""One object in two forms: a patch does the same to both."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hftgen.patch.apply import apply

PATH = ["services", "web", "patches", 0]
VALUES = st.recursive(
    st.integers(0, 3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=1), inner, max_size=3)
    ),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(st.text("abc", min_size=1, max_size=1), VALUES | st.none(), max_size=3)


def refer(value: Any, draw: Any, table: list[Any]) -> Any:
    """The value with some parts as references into the table."""
    if draw(st.integers(0, 3)) == 0:
        table.append(value)
        return {"{{}}": str(len(table) - 1)}
    if isinstance(value, dict):
        return {key: refer(child, draw, table) for key, child in value.items()}
    return [refer(child, draw, table) for child in value] if isinstance(value, list) else value


def resolve(value: Any, table: list[Any]) -> Any:
    """What Helm makes of it; without comments."""
    if isinstance(value, dict) and "{{}}" in value:
        return table[int(value["{{}}"])]
    if isinstance(value, dict):
        return {key: resolve(child, table) for key, child in value.items() if not key.startswith("#")}
    return [resolve(child, table) for child in value] if isinstance(value, list) else value


@given(st.data(), st.dictionaries(st.text("abc", min_size=1, max_size=1), VALUES), MAPPINGS)
def test_both_forms_are_patched_alike(data: Any, spec: dict[str, Any], patch: dict[str, Any]) -> None:
    """Whatever the chart refers to, with its values it makes the patched object."""
    table: list[Any] = []
    head = {"kind": "Thing", "metadata": {"name": "x"}}
    item = {**head, "spec": spec}
    chart = {**head, "spec": {key: refer(value, data.draw, table) for key, value in spec.items()}}
    patches = [{"path": PATH, "merge": {"spec": patch}}]
    plain, verdicts = apply(item, None, patches)
    made, others = apply(item, chart, patches)
    assert resolve(made, table) == resolve(plain, table)
    assert verdicts == others


def test_a_reference_stays_where_no_patch_goes() -> None:
    """The values go on to matter for all else."""
    item = {"kind": "Thing", "metadata": {"name": "x"}, "spec": {"a": 1, "b": {"c": 2}}}
    chart = {**item, "spec": {"a": {"{{}}": "A"}, "b": {"{{toYaml}}": "B"}}}
    patched, _ = apply(item, chart, [{"path": PATH, "merge": {"spec": {"d": 1}}}])
    assert patched["spec"] | {"#d": ""} == {"a": {"{{}}": "A"}, "b": {"{{toYaml}}": "B"}, "d": 1, "#d": ""}


def test_what_the_chart_alone_has_stays() -> None:
    """The number of pods is an overlay's, and the chart's: the object of the base has none."""
    item = {"kind": "Deployment", "metadata": {"name": "x"}, "spec": {}}
    chart = {**item, "spec": {"replicas": {"{{}}": "A"}}}
    patched, (verdict,) = apply(item, chart, [{"path": PATH, "merge": {"spec": {"paused": True}}}])
    assert (verdict.error, patched["spec"]["replicas"]) == (None, {"{{}}": "A"})


def test_a_patch_that_fails_leaves_no_trace() -> None:
    """The first operation of two is undone."""
    item = {"kind": "Thing", "metadata": {"name": "x"}, "spec": {}}
    operations = [{"op": "add", "path": "/spec/a", "value": 1}, {"op": "remove", "path": "/spec/b"}]
    patched, (verdict,) = apply(item, None, [{"path": PATH, "json": operations}])
    assert verdict.error is not None
    assert patched == item
