"""No rule fails on an environment that the models accept, however odd."""

from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.rules.tiny import Bench

NAMES = st.sampled_from(["a", "b", "a-canary", "a-0", "one", "web"])
POOLS = st.sampled_from(["general", "fast", "nowhere"])
HUGE = st.sampled_from([{}, {"1Gi": "1Gi"}, {"2Mi": "2Mi", "1Gi": "64Gi"}])


def _fields(**choices: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields, each with one of its values."""
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in choices.items()})


def _agree(fields: dict[str, Any]) -> dict[str, Any]:
    """A stateful service where there are instances: what the models refuse never reaches a rule."""
    if "instances" not in fields:
        return fields
    return {**fields, "workload": "stateful", "release": {"strategy": "rolling", "partition": 1}}


def _agree_pool(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "reserved" or fields.get("pinning")}


STEPS = {"strategy": "canary", "steps": [33, 100]}
TEST = {
    "strategy": "abTest",
    "variants": {"c": {"image": "v", "weight": 10, "replicas": 0}, "canary": {"image": "v", "weight": 1}},
    "metric": {"query": "q", "better": "lower", "minSamples": 1},
    "until": "2026-01-01",
}
SERVICES = _fields(
    latency=["tick-to-trade", "low"],
    instances=["single", "sharded", "activePassive"],
    pool=["general", "fast", "general", "nowhere"],
    replicas=[0, 1, 10_000],
    cpu=["1m", "2", "1000", {"request": "1", "limit": "3"}, {"limit": "3"}],
    memory=["1Mi", "64Gi", "4Ei", {"request": "1Gi"}],
    hugepages=[{}, {"1Gi": "1Gi"}, {"2Mi": "2Mi"}],
    calls=[["a"], ["b", "db"], [{"service": "web", "port": "http"}]],
    ports=[{"http": 80}, {"metrics": 80}],
    release=[STEPS, {"strategy": "blueGreen", "previewReplicas": 9}, {"strategy": "rolling", "maxSurge": "33%"}, TEST],
    venues=[["nyse"], ["x"]],
    mesh=[True],
    freeze=["none", {"calendars": ["XNYS", "XCME", "x" * 400]}, {"calendars": ["\u202e"]}],
    sidecars=[{"s": {"image": "s", "cpu": "1"}}],
    init=[[{"name": "i", "image": "i", "memory": "1Gi"}]],
    clusters=[{"one": {"replicas": 2}}, {"one": {"pool": "fast"}}],
)  # fmt: skip
POOL = _fields(
    cpus=[16, 2**53],
    memory=["64Gi"],
    smt=[True, False],
    pinning=["static"],
    reserved=["0-1", "0,8", "0-3"],
    hugepages=[{"1Gi": "1Gi"}, {"2Mi": "6Mi", "1Gi": "3Gi"}],
    placement=["cluster", "proximity"],
    spot=[True],
    zones=[["us-east-1a"]],
)
MACHINES = st.sampled_from(["m7i.4xlarge", "m5zn.metal", "Standard_D8s_v5", "odd", "x" * 4000])
CLOUDS = st.sampled_from(["aws", "gcp", "azure", "metal", "kind"])
WHOLE_POOL = st.builds(
    lambda machine, most, fields: {"machine": machine, "min": 0, "max": most, **_agree_pool(fields)},
    MACHINES, st.sampled_from([1, 5, 2**53]), POOL,
)  # fmt: skip
CLUSTER = st.builds(
    lambda cloud, role, pools, fields: {"cloud": cloud, "role": role, "pools": pools, **fields},
    CLOUDS,
    st.sampled_from(["primary", "standby"]),
    st.dictionaries(st.sampled_from(["general", "fast"]), WHOLE_POOL, max_size=2),
    _fields(
        region=["us-east-1", "x"],
        zones=[["us-east-1a", "us-east-1b"]],
        network=[{"vpc": "10.0.0.0/8", "pods": "::/0", "venues": {"nyse": "10.0.0.0/28"}}, {"services": "0.0.0.0/0"}],
    ),
)
STORES = _fields(
    db=[
        {"engine": "postgres", "version": "16", "placement": "cluster", "storage": "1Gi", "highAvailability": True},
        {"engine": "x", "version": "1", "placement": "external", "address": "a"},
        {"engine": "redis", "version": "1", "placement": "managed", "cpu": "9"},
    ]
)
REST = _fields(
    recovery=[{"rto": "1h", "rpo": "1s", "snapshots": {"schedule": "0 0 29 2 *", "keep": "1s"}}],
    terraform=[{"version": "1.11"}],
    gitops=[{"freeze": {"calendars": ["24/7", "nope"], "horizon": {"start": "1000-01-01", "end": "2999-12-31"}}}],
)


WHOLE = st.builds(
    lambda clusters, services, stores, rest: {
        "clusters": clusters,
        "services": {name: {"image": f"example.com/{name}:1", **_agree(fields)} for name, fields in services.items()},
        "datastores": stores,
        **rest,
    },
    st.fixed_dictionaries({"one": CLUSTER}, optional={"two": CLUSTER}),
    st.dictionaries(NAMES, SERVICES, min_size=1, max_size=3),
    STORES,
    REST,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WHOLE, st.sampled_from(["development", "staging", "production"]))
def test_rules_find_and_never_fail(bench: Bench, whole: dict[str, Any], tier: str) -> None:
    """Whatever is wrong is a problem with a place and a message, shown safely."""
    for problem in bench.problems(yaml.safe_dump(whole), tier=tier):
        assert problem.file
        assert problem.line
        assert problem.message
        assert all(text.isprintable() for text in problem if isinstance(text, str)), problem
