"""The models: the whole reference spec, the least spec, and the rules inside one section."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from hftgen.spec.environment import Environment
from hftgen.spec.long_form import expand
from hftgen.spec.node import to_plain
from hftgen.spec.release import BlueGreen, Canary, Rolling
from hftgen.spec.section import Section
from hftgen.spec.service import Service
from tests.unit.spec.samples import PLAIN, complaints, environment, service, text, tree

REFERENCE = (text("base.yaml"), text("production.yaml"), text("long-forms.yaml"))


def refused(*fields: str) -> list[tuple[str, str]]:
    """What is wrong with the service `web` of these fields; paths from the service on."""
    found = complaints(PLAIN, *(f"services: {{web: {{{each}}}}}" for each in fields))
    return [(where.removeprefix("services.web").removeprefix("."), message) for where, message in found]


def models(cls: type[BaseModel] = Section) -> list[type[BaseModel]]:
    """Every model of the spec."""
    return [each for child in cls.__subclasses__() for each in (child, *models(child))]


def test_the_reference_spec_is_valid() -> None:
    """Every field of the three reference files is modelled, with its value in canonical form."""
    spec = environment(*REFERENCE)
    engine, gateway, example = (spec.services[name] for name in ("trading-engine", "order-gateway", "example"))
    assert (engine.cpu and engine.cpu.limit, engine.hugepages) == ("16", {"1Gi": "8Gi"})
    assert (engine.secrets["DB_PASSWORD"].rotate, engine.shutdown.grace) == ("720h", "1m")
    assert isinstance(gateway.release, Canary)
    assert [(step.weight, step.pause) for step in gateway.release.steps] == [(10, "5m"), (50, "5m"), (100, None)]
    assert isinstance(spec.services["risk-gateway"].release, BlueGreen)
    assert isinstance(spec.services["analytics"].release, Rolling)
    assert (spec.services["analytics"].freeze, spec.services["market-data"].replicas) != (None, 1)
    assert [type(call).__name__ for call in example.calls] == ["ServiceCall", "ServiceCall", "NetworkCall", "HostCall"]
    assert example.model_dump(mode="json")["files"]["logo.svg"]["from"] == "assets/logo.svg"
    assert spec.clusters["aws-use1"].account == "111122223333"
    assert spec.prices == {"m7i.4xlarge": 0.8064}


def test_a_dump_is_a_spec_again() -> None:
    """What is dumped is canonical: reading it again, already in long form, gives the same environment."""
    spec = environment(*REFERENCE)
    assert Environment.model_validate(spec.model_dump(mode="json", exclude_none=True)) == spec
    assert Environment.model_validate(spec.model_dump()) == spec


def test_the_least_spec_is_valid() -> None:
    """Everything but the required sections may be left out, and has its default."""
    spec = environment(PLAIN)
    web = spec.services["web"]
    assert (web.workload, web.latency, web.replicas, web.release.strategy) == ("stateless", "standard", None, "rolling")
    assert (spec.gitops.revision, spec.gitops.namespace, spec.gitops.autoSync) == ("main", "argocd", None)
    assert (spec.clusters["main"].role, spec.datastores, spec.secrets) == ("primary", {}, None)


@pytest.mark.parametrize(
    "key", ["apiVersion", "project", "environment", "tier", "gitops", "kubernetes", "clusters", "services"]
)
def test_required_sections(key: str) -> None:
    """Without a required section there is one error, at its name."""
    assert complaints(PLAIN, f"{key}: ~") == [(key, "Field required")]


def test_models_are_closed_and_frozen() -> None:
    """An unknown key anywhere is an error; a value cannot be changed; each field says what it means."""
    for model in models():
        assert (model.model_config["extra"], model.model_config["frozen"]) == ("forbid", True)
        assert model.__doc__
        for name, field in model.model_fields.items():
            assert (field.description or "").endswith("."), (model, name)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(environment(PLAIN), "tier", "staging")  # noqa: B010  a type checker sees it too


def test_attributes_are_the_specs_names() -> None:
    """An attribute is called as the field, but for words that Python or pydantic keep for themselves."""
    aliased = {name for model in models() for name, field in model.model_fields.items() if field.alias}
    assert aliased == {"class_", "from_", "pass_", "json_"}


def test_all_errors_come_at_once() -> None:
    """Errors of several sections and of one section's fields are reported together, each at its own place."""
    found = dict(
        complaints(PLAIN, "tier: test\nowner: {tea: x}\nservices: {web: {cpu: two, ports: {http: 0}, zone: a}}")
    )
    assert set(found) == {
        "tier", "owner.tea", "owner.team", "services.web.cpu.request", "services.web.cpu.limit",
        "services.web.ports.http.port", "services.web.zone",
    }  # fmt: skip


def test_rules_of_one_section_come_at_once() -> None:
    """A section's own rules are all looked at, each broken one at the field that breaks it."""
    found = refused(
        "instances: single, schedule: '* * * * *', labels: {app.kubernetes.io/name: x}, hugepages: {2Mi: 3Mi}"
    )
    assert [where for where, _ in found] == [
        "instances", "schedule", "hugepages.2Mi", "hugepages", "labels.app.kubernetes.io/name",
    ]  # fmt: skip


BRANCHES = [
    ("release: {strategy: canry}", "release"),
    ("release: {steps: [100]}", "release"),
    ("release: {strategy: canary}", "release.steps"),
    ("release: {strategy: canary, steps: [100], drain: 5s}", "release.drain"),
    ("release: {strategy: blueGreen, steps: [100]}", "release.steps"),
    ("probes: {ready: {}}", "probes.ready"),
    ("probes: {ready: {http: /a, tcp: b}}", "probes.ready"),
    ("ports: {a: 1}, probes: {ready: {http: /a, pory: b}}", "probes.ready.pory"),
    ("probes: {ready: {budget: 5s}}", "probes.ready"),
    ("config: {A: {}}", "config.A"),
    ("config: {A: [1]}", "config.A"),
    ("config: {A: {field: x}}", "config.A.field"),
    ("files: {a: {path: /a}}", "files.a"),
    ("files: {a: {from: ../a, content: b}}", "files.a"),
    ("volumes: {a: {path: /a}}", "volumes.a.size"),
    ("volumes: {a: {path: /a, emptyDir: memory, class: fast}}", "volumes.a.class"),
    ("calls: [{}]", "calls.0"),
    ("calls: [{service: a, port: 80}]", "calls.0.port"),
    ("calls: [{cidr: 10.0.0.0/8, port: http}]", "calls.0.port"),
    ("disruption: {minAvailable: 1, maxUnavailable: 1}", "disruption"),
    ("release: {strategy: abTest, variants: {b: {image: a}}}", "release.variants.b"),
]


@pytest.mark.parametrize(("fields", "where"), BRANCHES, ids=[fields for fields, _ in BRANCHES])
def test_an_error_names_its_own_branch_only(fields: str, where: str) -> None:
    """Where kinds differ, the error is that of the kind meant, or says that no one kind is meant."""
    assert where in [found for found, _ in refused(fields)]
    assert all(found.startswith(where.split(".", maxsplit=1)[0]) for found, _ in refused(fields))


RULES = [
    ("workload: stateful", "instances"),
    ("instances: single", "instances"),
    ("workload: cron", "schedule"),
    ("timeZone: Europe/London", "timeZone"),
    ("workload: job, autoscale: {min: 1, max: 2, cpu: 50%}, cpu: 1", "autoscale"),
    ("workload: job, expose: {host: a.b}", "expose"),
    ("replicas: 1, cpu: 1, autoscale: {min: 1, max: 2, cpu: 50%}", "autoscale"),
    ("autoscale: {min: 3, max: 2, cpu: 50%}, cpu: 1", "autoscale.min"),
    ("autoscale: {min: 1, max: 2}", "autoscale"),
    ("autoscale: {min: 1, max: 2, memory: 50%}, cpu: 1", "autoscale.memory"),
    ("autoscale: {min: 0, max: 2, cpu: 50%}", "autoscale.min"),
    ("workload: stateful, instances: single, release: {strategy: canary, steps: [100]}", "release.strategy"),
    ("workload: job, release: {strategy: blueGreen}", "release.strategy"),
    ("release: {strategy: rolling, partition: 1}", "release.partition"),
    ("workload: stateful, instances: single, release: {strategy: rolling, maxSurge: 1}", "release.maxSurge"),
    ("release: {strategy: rolling, maxSurge: 0, maxUnavailable: 0%}", "release.maxSurge"),
    ("release: {strategy: canary, steps: [50, 10, 100]}", "release.steps.1.weight"),
    ("release: {strategy: canary, steps: [10, 50]}", "release.steps.1.weight"),
    ("release: {strategy: canary, steps: [{weight: 100, pause: 5m}]}", "release.steps.0.pause"),
    ("release: {strategy: canary, steps: [0, 100]}", "release.steps.0.weight"),
    ("release: {strategy: canary, steps: [101]}", "release.steps.0.weight"),
    ("release: {strategy: canary, steps: []}", "release.steps"),
    ("release: {strategy: canary, steps: [10, 100], pause: soon}", "release.pause"),
    ("release: {strategy: canary, steps: [100], traffic: {header: {name: a, value: b}}}", "release.traffic.header"),
    (
        """
        release: {strategy: abTest, until: 2027-01-01, metric: {query: q, better: higher, minSamples: 1},
        variants: {b: {image: a, weight: 60}, c: {image: a, weight: 40}}}
        """,
        "release.variants",
    ),
    ("ports: {a: 80, b: 80}", "ports.b.port"),
    ("ports: {a: 80}, sidecars: {p: {image: a, ports: {b: 80}}}", "sidecars.p.ports.b.target"),
    ("ports: {a: 80}, sidecars: {p: {image: a, ports: {a: 81}}}", "sidecars.p.ports.a"),
    ("probes: {ready: /ready}", "probes.ready.port"),
    ("ports: {a: 80, b: 81}, probes: {ready: /ready}", "probes.ready.port"),
    ("ports: {a: 80}, probes: {ready: {tcp: b}}", "probes.ready.tcp"),
    ("probes: {startup: 60s}", "probes.startup"),
    ("sidecars: {p: {image: a, probes: {live: /}}}", "sidecars.p.probes.live.port"),
    ("ports: {a: 80, b: 81}, expose: {host: a.b}", "expose.port"),
    ("ports: {a: 80}, expose: {via: gateway}", "expose.host"),
    ("metrics: {port: metrics}", "metrics.port"),
    ("init: [{name: a, image: a}, {name: a, image: b}]", "init.1.name"),
    ("init: [{name: a, image: a}], sidecars: {a: {image: a}}", "sidecars.a"),
    ("init: [{name: web, image: a}]", "init.0.name"),
    ("sidecars: {web: {image: a}}", "sidecars.web"),
    ("sidecars: {p: {image: a, mounts: {data: /data}}}", "sidecars.p.mounts.data"),
    ("volumes: {a: {path: /a, size: 1Gi}, b: {path: /a, emptyDir: disk}}", "volumes.b.path"),
    ("volumes: {a: {path: /, size: 1Gi}}", "volumes.a.path"),
    ("volumes: {a: {path: /a, size: 1Gi}}, secrets: {t: {ref: a, key: b, mount: /a}}", "secrets.t.mount"),
    ("files: {a: {path: /a, content: b}, c: {path: /a, content: d}}", "files.c.path"),
    ("secrets: {tls.key: {ref: a, key: b}, 1a: {ref: a, key: b}}", "secrets.1a"),
    ("config: {A: b}, secrets: {A: {ref: a, key: b}}", "secrets.A"),
    ("secrets: {A: {ref: /a, key: b}}", "secrets.A.ref"),
    ("cpu: {request: 2, limit: 1}", "cpu.request"),
    ("memory: {}", "memory"),
    ("hugepages: {1Gi: 1536Mi}, cpu: 1", "hugepages.1Gi"),
    ("hugepages: {2Mi: 4Mi}", "hugepages"),
    ("labels: {pod-template-hash: a}", "labels.pod-template-hash"),
    ("annotations: {a: '" + "x" * 270_000 + "'}", "annotations"),
    ("shutdown: {grace: 5s, delay: 5s}", "shutdown.delay"),
    ("slo: {window: 30d}", "slo"),
    ("slo: {errors: 0%}", "slo.errors"),
    ("metrics: {latency: {histogram: h, buckets: [0.2, 0.1]}}", "metrics.latency.buckets.1"),
    ("clusters: {main: {workload: job}}", "clusters.main.workload"),
    ("clusters: {main: {ports: {x: 1}}}", "clusters.main.ports.x"),
    ("clusters: {main: {release: {strategy: canary}}}", "clusters.main.release.strategy"),
    ("clusters: {main: 3}", "clusters.main"),
    ("patches: [{target: {kind: Service}, json: [{op: add, path: /a}]}]", "patches.0.json.0.value"),
    ("patches: [{target: {kind: Service}, json: [{op: move, path: /a}]}]", "patches.0.json.0.from"),
    ("patches: [{target: {kind: Service}, json: [{op: remove, path: /a, value: 1}]}]", "patches.0.json.0.value"),
    ("patches: [{target: {kind: Service}, merge: [1]}]", "patches.0.merge"),
    ("user: {uid: -1}", "user.uid"),
    ("sysctls: {net.core: ''}", "sysctls.net.core"),
]


@pytest.mark.parametrize(("fields", "where"), RULES, ids=[fields[:70] for fields, _ in RULES])
def test_a_rule_of_a_service(fields: str, where: str) -> None:
    """What Kubernetes would refuse, and what has no meaning together, is refused at the field that is wrong."""
    assert where in [found for found, _ in refused(fields)]


def test_a_config_map_holds_a_mebibyte() -> None:
    """Files that are larger together than a ConfigMap are refused."""
    half = "x" * 600_000
    assert [where for where, _ in refused(f"files: {{a: {half}}}", f"files: {{b: {half}}}")] == ["files"]


SECTIONS = [
    ("gitops: {autoSync: false, freeze: {calendars: [XNYS], manualSync: true}}", "gitops.freeze.manualSync"),
    ("gitops: {freeze: {calendars: [XNYS, XNYS]}}", "gitops.freeze.calendars.1"),
    ("gitops: {freeze: {calendars: [], horizon: {start: 2027-01-01, end: 2026-01-01}}}", "gitops.freeze.horizon.end"),
    ("kubernetes: {namespace: kube-system}", "kubernetes.namespace"),
    ("addons: {velero: {namespace: velero}}", "addons.velero.version"),
    ("clusters: {main: {cloud: aws, account: 11112222333}}", "clusters.main.account"),
    ("clusters: {main: {cloud: azure, account: x}}", "clusters.main.account"),
    ("clusters: {main: {zones: [a, a]}}", "clusters.main.zones.1"),
    (
        "clusters: {main: {zones: [a], pools: {p: {machine: m, min: 1, max: 1, zones: [b]}}}}",
        "clusters.main.pools.p.zones.0",
    ),
    ("clusters: {main: {cloud: azure, pools: {a-b: {machine: m, min: 1, max: 1}}}}", "clusters.main.pools.a-b"),
    ("clusters: {main: {pools: {p: {machine: m, min: 2, max: 1}}}}", "clusters.main.pools.p.min"),
    ("clusters: {main: {pools: {p: {machine: m, min: 1, max: 1, reserved: 0}}}}", "clusters.main.pools.p.reserved"),
    (
        "clusters: {main: {pools: {p: {machine: m, min: 1, max: 1, cpus: 8, pinning: static, reserved: 0-8}}}}",
        "clusters.main.pools.p.reserved",
    ),
    (
        "clusters: {main: {pools: {p: {machine: m, min: 1, max: 1, smt: true, pinning: static, reserved: 0-2}}}}",
        "clusters.main.pools.p.reserved",
    ),
    (
        "clusters: {main: {pools: {p: {machine: m, min: 1, max: 1, memory: 8Gi, hugepages: {1Gi: 8Gi}}}}}",
        "clusters.main.pools.p.hugepages",
    ),
    ("clusters: {main: {network: {vpc: 10.0.0.1/16}}}", "clusters.main.network.vpc"),
    ("clusters: {settings: {cloud: kind}}", "clusters.settings.[key]"),
    ("services: {3proxy: {image: a}}", "services.3proxy.[key]"),
    ("datastores: {web: {engine: redis, version: 7, placement: cluster}}", "datastores.web"),
    ("datastores: {db: {engine: postgres, version: 16, placement: cluster}}", "datastores.db.storage"),
    ("datastores: {db: {engine: postgres, version: 16, placement: external}}", "datastores.db.address"),
    (
        "datastores: {db: {engine: redis, version: 7, placement: cluster, highAvailability: true}}",
        "datastores.db.highAvailability",
    ),
    ("datastores: {db: {engine: mysql, version: 8, placement: cluster}}", "datastores.db.engine"),
    ("secrets: {backend: vault}", "secrets.vault"),
    ("secrets: {backend: aws-secrets-manager, path: 'a/{ordinal}'}", "secrets.path"),
    ("recovery: {rto: 15m, rpo: 1m}", "recovery.rpo"),
    ("recovery: {rto: 0s, rpo: 1m, replication: continuous}", "recovery.rto"),
    ("build: {compiler: {name: gcc, version: 13}, requires: {fmt: 11.0.2}}", "build.requires"),
    ("build: {standard: 21, compiler: {name: gcc, version: 13}}", "build.standard"),
    ("ci: {systems: [gitlab, gitlab]}", "ci.systems.1"),
    ("ci: {systems: [gitlab], registry: 'a/b:c'}", "ci.registry"),
    ("cost: {monthlyBudget: 5, alertAt: [80%, 80%]}", "cost.alertAt.1"),
    ("cost: {currency: usd, monthlyBudget: 5}", "cost.currency"),
    ("waivers: [{rule: HFT-S08, object: a, reason: b, expires: 2027-01-01}]", "waivers.0.owner"),
    ("apiVersion: hftgen/v2", "apiVersion"),
    ("environment: repository", "environment"),
    ("prices: {m: -1}", "prices.m"),
]


@pytest.mark.parametrize(("fields", "where"), SECTIONS, ids=[fields[:70] for fields, _ in SECTIONS])
def test_a_rule_of_a_section(fields: str, where: str) -> None:
    """What one section can decide alone is refused at the field that is wrong."""
    assert where in [found for found, _ in complaints(PLAIN, fields)]


VALID = [
    "image: ghcr.io/acme/app",
    "image: busybox, workload: job, command: [sh, -c, 'echo hi']",
    "workload: cron, schedule: 0 2 * * *, timeZone: Europe/London, concurrency: Forbid, deadline: 5m, history: 3",
    "memory: {request: 64Mi}, cpu: {limit: 300m}",
    "ports: {http: 8080, metrics: 9090}, probes: {ready: /ready, startup: 60s}, expose: {host: a.b}",
    "ports: {grpc: 7070}, probes: {live: {grpc: grpc}, startup: {tcp: grpc, period: 5s, failures: 30}}",
    "ports: {dns: {port: 53, protocol: UDP}, dns-tcp: {port: 53}}",
    "config: {PORT: 8080, DEBUG: true, RATE: 0.10, NAME: no, EMPTY: ''}",
    "replicas: 0",
    "user: {uid: 0}",
    "workload: stateful, instances: single, volumes: {data: {path: /data, size: 10Gi}}",
    "disruption: {maxUnavailable: 25%}",
    "expose: {via: loadBalancer}, ports: {tcp: 9000}",
    "secrets: {a.key: {ref: x/y, key: k, mount: /etc/tls}, a.crt: {ref: x/y, key: c, mount: /etc/tls}}",
    "metrics: none, freeze: none",
    "latency: low, autoscale: {min: 2, max: 4, cpu: 120%}, cpu: 1",
]


@pytest.mark.parametrize("fields", VALID)
def test_ordinary_services_are_sayable(fields: str) -> None:
    """What an ordinary application says in Kubernetes can be said."""
    assert refused(fields) == []


def test_text_stays_as_it_is_written() -> None:
    """An environment variable's value is the text of the file, not a number written anew."""
    config = service("config: {A: 8080, B: 1.10, C: 0x1F, D: yes, E: 1e3}").services["web"].config
    assert config == {"A": "8080", "B": "1.10", "C": "0x1F", "D": "yes", "E": "1e3"}


def test_quoted_numbers_are_refused() -> None:
    """Where a number is expected, text in quotes is an error that says so."""
    assert refused("replicas: '2'", "ports: {http: '80'}", "mesh: 'true'") == [
        ("replicas", "is text in quotes"),
        ("ports.http.port", "is text in quotes"),
        ("mesh", "is text in quotes"),
    ]


def test_ports_default_to_themselves() -> None:
    """The container's port is the Service's where it is left out; probes and routes have one port in mind."""
    web = service("ports: {api: {port: 80}, metrics: {port: 90, target: 9090}}").services["web"]
    assert (web.ports["api"].target, web.ports["metrics"].target, web.default_port) == (80, 9090, "api")
    assert service("ports: {a: 80, http: 81}").services["web"].default_port == "http"
    assert service("ports: {metrics: 81}").services["web"].default_port is None
    assert service("ports: {a: 81}, metrics: {port: a}").services["web"].default_port == "a"


def test_overrides_pass_as_they_are() -> None:
    """What a cluster changes is any mapping here; the loader checks it as a service once it is merged."""
    web = service("clusters: {main: {replicas: 3, cpu: 2}}").services["web"]
    assert web.clusters == {"main": {"replicas": 3, "cpu": {"request": 2, "limit": 2}}}


VALUES: list[Any] = [None, 5, "a", [], {"a": 1}, [{}], True]


def _replace(node: Any, check: Callable[[], None], count: Iterator[int]) -> None:
    """Puts a wrong value into every place of a tree in turn, and looks what `check` says."""
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        kept, node[key] = node[key], VALUES[next(count) % len(VALUES)]
        check()
        node[key] = kept
        if isinstance(kept, (dict, list)):
            _replace(kept, check, count)


@pytest.mark.parametrize("start", [0, 3])
def test_any_value_anywhere_is_only_refused(start: int) -> None:
    """Whatever stands in the place of any field of the reference spec, the models answer with errors of their own."""
    root = to_plain(expand(tree(*REFERENCE)))
    example, rest = root.pop("services")["example"], {**root, "services": {"web": {"image": "a"}}}
    verdicts = []
    for model, value in ((Service, example), (Environment, rest)):

        def check(model: type[BaseModel] = model, value: Any = value) -> None:
            verdicts.append(is_valid(model, value))

        _replace(value, check, itertools.count(start))
    assert verdicts.count(False) > 300


def is_valid(model: type[BaseModel], value: Any) -> bool:
    """Whether a model takes a value; anything raised but its own error is not caught."""
    try:
        model.model_validate(value)
    except ValidationError:
        return False
    return True
