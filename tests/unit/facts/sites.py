"""Small environments for the tests of facts, said as Python values."""

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from hftgen.facts.parts import collect
from hftgen.facts.record import Record
from hftgen.facts.site import Site
from hftgen.spec.load import Loaded, Sources, load

DIGEST = "sha256:" + "0f1e2d3c" * 8
IMAGE = f"registry.example.com/shop/app:v1@{DIGEST}"

PLAIN = {
    "apiVersion": "hftgen/v1",
    "project": "shop",
    "environment": "test",
    "tier": "staging",
    "gitops": {"repoURL": "https://git.example.com/shop/config.git"},
    "kubernetes": {"version": "1.36"},
    "clusters": {"main": {"cloud": "kind"}},
}

PROMETHEUS = {"prometheus": {"address": "http://prometheus.monitoring.svc:9090", "scrapeInterval": "15s"}}
METRICS = {
    "latency": {"histogram": "h", "unit": "seconds", "buckets": [0.005, 0.1]},
    "requests": {"counter": "c", "errors": 'code="5"'},
}
VAULT = {
    "backend": "vault",
    "path": "shop",
    "vault": {"address": "https://vault.example.com", "authMount": "k8s-{cluster}"},
}
STANDBY = {"main": {"cloud": "kind"}, "spare": {"cloud": "kind", "role": "standby"}}


def load_spec(services: dict[str, Any], **sections: Any) -> Loaded:
    """A loaded environment with these services; an image is added where there is none."""
    services = {name: {"image": IMAGE, **service} for name, service in copy.deepcopy(services).items()}
    spec = {**PLAIN, **sections, "services": services}
    with tempfile.TemporaryDirectory() as folder:
        specs = Path(folder) / "specs"
        specs.mkdir()
        (specs / f"{spec['environment']}.yaml").write_text(json.dumps(spec))
        return load(specs, spec["environment"], Sources())


def make_site(services: dict[str, Any], *, cluster: str = "main", **sections: Any) -> Site:
    """One site of such an environment."""
    loaded = load_spec(services, **sections)
    return Site(loaded.environment, cluster, loaded.services[cluster], loaded.files, loaded.tables)


def describe_app(service: dict[str, Any], *, cluster: str = "main", **sections: Any) -> list[Record]:
    """The records of a single service called `app`."""
    return collect(make_site({"app": service}, cluster=cluster, **sections))["app"]


def find(records: list[Record], kind: str, name: str = "app") -> Record:
    """The record of this kind and name."""
    found = [record for record in records if (record["kind"], record["name"]) == (kind, name)]
    assert len(found) == 1, f"{len(found)} of {kind} {name} among {[(r['kind'], r['name']) for r in records]}"
    return found[0]


def list_names(records: list[Record], kind: str) -> list[str]:
    """The names of all records of a kind."""
    return [record["name"] for record in records if record["kind"] == kind]
