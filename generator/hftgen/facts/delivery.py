"""How a cluster comes up and who may do what in its Argo CD: stages, roles, notifications, prerequisites."""

import csv
import io
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hftgen.facts.addon_values import PLUGIN
from hftgen.facts.addons import find_gateway, find_namespace, needs_mesh_plugin
from hftgen.facts.charts import Parts, describe_project
from hftgen.facts.cilium import has_cilium
from hftgen.facts.gitops import FIRST, list_sync_options
from hftgen.facts.names import POOL_LABEL
from hftgen.facts.needs import list_needs
from hftgen.facts.nodes import list_taints
from hftgen.facts.record import Facts, Record, find_kind
from hftgen.facts.releases import find_router
from hftgen.facts.site import Site
from hftgen.facts.targets import find_health_path
from hftgen.facts.terraform.roots import is_provisioned
from hftgen.spec.calls import ServiceCall
from hftgen.spec.rules.expose import GOOGLE_GATEWAYS

# What a person may do with a release that waits or fails (resource_customizations of Argo CD).
ACTIONS = ("abort", "promote-full", "resume", "retry")

# What the owner's channel hears of; a commit that waits is news only where a person syncs.
TRIGGERS = ("release-paused", "sync-failed", "unhealthy")
WAITING = "out-of-sync"

INGRESSES = {"aws": "the AWS Load Balancer Controller, with the ingress class `alb`", "gcp": "GKE's ingress controller"}

BALANCER = "LoadBalancer"

ENFORCERS = {
    "aws": "a network plugin that enforces NetworkPolicies: vpc-cni with enableNetworkPolicy",
    "gcp": "Dataplane V2, which enforces NetworkPolicies",
    "azure": "Cilium as network plugin, which enforces NetworkPolicies",
    "metal": "a network plugin that enforces NetworkPolicies",
}


def describe_delivery(site: Site, parts: Parts, environment: Mapping[str, Any]) -> Facts:
    """What a cluster's Argo CD has besides its Applications.

    `{addonProject, stages, roles, channel, subscriptions, policy, rootOptions, settingsOptions, unmanaged, outside}`.
    `environment` is the context, with this cluster's `addons` and `argocd` (charts.describe_addons, gitops).
    """
    argocd, cluster = environment["argocd"], environment["clusters"][site.name]
    applications = cluster["argocd"]["applications"]
    shared = list_sync_options(ignores=False, waits=False)
    return {
        "addonProject": describe_project(site, parts),
        "stages": list(_list_stages(site, cluster["addons"], argocd, applications)),
        "roles": list(_describe_roles(site, argocd["project"], applications)),
        "channel": find_channel(site),
        "subscriptions": _subscribe(site, automatic=argocd["autoSync"]),
        "policy": write_policy(site, argocd["project"]),
        # Environments that share an Argo CD share its project `default`, which each locks alike: no reason to fail.
        "rootOptions": [option for option in shared if not option.startswith("FailOnSharedResource")],
        # What `kubectl apply` once wrote into Argo CD's ConfigMaps would become ours, and go as it does not stand here.
        "settingsOptions": [*shared, "ClientSideApplyMigration=false"],
        "unmanaged": _list_unmanaged(site, parts),
        "outside": list(_list_outside(site, parts)),
    }


def find_channel(site: Site) -> str | None:
    """The owner's channel, without its `#`; None where the owner is not reached by one."""
    owner = site.environment.owner
    contact = str(owner.contact) if owner is not None and owner.contact is not None else ""
    name = contact.removeprefix("#")
    return name if contact.startswith("#") and name and not set(name) & set(" ;,") else None


def _subscribe(site: Site, *, automatic: bool) -> dict[str, str]:
    """The annotations by which an AppProject's Applications tell the owner's channel of their troubles."""
    channel = find_channel(site)
    if channel is None:
        return {}
    triggers = TRIGGERS if automatic else (WAITING, *TRIGGERS)
    return {f"notifications.argoproj.io/subscribe.hftgen-{name}.slack": channel for name in triggers}


def write_policy(site: Site, prefix: str) -> str | None:
    """Argo CD's RBAC for who operates: releases of this environment, and its AppProjects; None without any group."""
    admins = site.cluster.access.admins if site.cluster.access is not None else ()
    if not admins:
        return None
    role = f"role:{prefix}-operator"
    projects = (prefix, *(f"{prefix}-{name}" for name in ("root", "settings", "addons")))
    rules = [
        ("p", role, "applications", action, f"{project}/*", "allow")
        for project in projects
        for action in ("get", "sync")
    ]
    rules += [
        ("p", role, "applications", f"action/argoproj.io/Rollout/{action}", f"{prefix}/*", "allow")
        for action in ACTIONS
    ]
    # The windows of a freeze are the AppProject's: that of the add-ons has its own.
    rules += [
        ("p", role, "projects", action, project, "allow")
        for project in (prefix, f"{prefix}-addons")
        for action in ("get", "update")
    ]
    return _write_csv([*rules, *(("g", str(group), role) for group in admins)])


def _write_csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _describe_roles(site: Site, prefix: str, applications: Sequence[Mapping[str, Any]]) -> Iterator[Facts]:
    """The role of the AppProject: the owner's team syncs what was merged, one Application at a time.

    Argo CD takes no group with a `"` (validateGroupName), and a project that has one can no longer be changed.
    """
    owner = site.environment.owner
    if owner is None or '"' in str(owner.team):
        return
    subject = f"proj:{prefix}:deployer"
    yield {
        "name": "deployer",
        "description": f"{owner.team} syncs what was merged",
        "groups": [_quote(str(owner.team))],
        "policies": [
            f"p, {subject}, applications, {action}, {prefix}/{application['name']}, allow"
            for application in applications
            for action in ("get", "sync")
        ],
    }


def _quote(group: str) -> str:
    """A group's name as an AppProject takes it."""
    return f'"{group}"' if "," in group else group


def _list_stages(
    site: Site, addons: Facts, argocd: Facts, applications: Sequence[Mapping[str, Any]]
) -> Iterator[Facts]:
    """Which Applications a person syncs together, after root; the next wait until they are healthy."""
    if site.environment.gitops.settings.manage:
        yield {"about": "Argo CD's own configuration", "applications": [argocd["settings"]]}
    names = [[item["name"] for item in addon["applications"]] for addon in addons.values()]
    for step in range(max(map(len, names), default=0)):
        together = [group[step] for group in names if step < len(group)]
        yield {"about": "add-ons" if step == 0 else "what stands on them", "applications": together}
    there = {application["part"]: application["name"] for application in applications}
    for part in FIRST:
        if part in there:
            yield {"about": part, "applications": [there[part]]}
    for layer in order_services(site):
        yield {"about": "services", "applications": [there[name] for name in layer if name in there]}


def order_services(site: Site) -> Iterator[list[str]]:
    """The services of a cluster in layers: each calls only those of earlier layers, or they call each other."""
    calls = {name: _list_callees(site, name) for name in sorted(site.services)}
    left = dict(calls)
    while left:
        free = [name for name, callees in left.items() if not callees & set(left)] or list(left)
        yield free
        left = {name: callees for name, callees in left.items() if name not in free}


def _list_callees(site: Site, name: str) -> set[str]:
    called = {str(call.service) for call in site.services[name].calls if isinstance(call, ServiceCall)}
    return (called & set(site.services)) - {name}


def _list_unmanaged(site: Site, parts: Parts) -> list[Facts]:
    """The add-ons that somebody else installs: the kinds rendered for them, and what they must have (`with`)."""
    kinds: dict[str, set[str]] = {}
    for need in list_needs(site, parts):
        kinds.setdefault(need.addon, set()).add(need.kind)
    records = [record for group in parts.values() for record in group]
    return [
        {
            "name": name,
            **({"version": str(addon.version)} if addon.version is not None else {}),
            "kinds": sorted(kinds.get(name, ())),
            "with": sorted(_list_conditions(name, records)),
        }
        for name, addon in sorted(site.environment.addons.items())
        if not addon.manage
    ]


def _list_conditions(addon: str, records: Iterable[Record]) -> set[str]:
    """What routes need of an add-on besides its kinds: ours have it by their values (facts/addon_values)."""
    if addon == "argo-rollouts":
        routers = {record.get("canary", {}).get("router", {}).get("kind") for record in records}
        return {f"its plugin `{PLUGIN}`"} if "gateway" in routers else set()
    if addon == "gateway":
        doors = [record for record in records if find_kind(record) == ("networking.istio.io", "Gateway")]
        return {f"pods labelled `{key}: {value}`" for door in doors for key, value in door["selector"].items()}
    return set()


def _list_outside(site: Site, parts: Parts) -> Iterator[str]:
    """What the cluster must have that no add-on of the spec brings."""
    kinds = {record["kind"] for records in parts.values() for record in records}
    cloud = site.cluster.cloud
    if not is_provisioned(site):
        yield from _list_basics(site, kinds)
        yield from _list_nodes(site)
    if "Gateway" in kinds and find_gateway(site) == ("envoy", find_namespace(site, "gateway")):
        yield "the GatewayClass `envoy` of gateway.envoyproxy.io/gatewayclass-controller, which the chart does not make"
    asked = "Google's load balancer asks for `/`, and sends nothing where it is not 200"
    if (find_gateway(site) or ("", ""))[0].startswith(GOOGLE_GATEWAYS) and (judged := _list_judged(site, "gateway")):
        yield f"HealthCheckPolicies for {judged}: {asked}"
    if cloud == "gcp" and (judged := _list_judged(site, "ingress")):
        yield f"BackendConfigs for {judged}: {asked}"
    gateway = site.addon("gateway")
    if needs_mesh_plugin(site) and gateway is not None and not gateway.manage:
        yield "Istio's CNI plugin: Pod Security admits no init container that sets up a pod's network"
    if "Ingress" in kinds:
        yield INGRESSES.get(cloud, "an ingress controller")
    if cloud == "aws" and "Ingress" not in kinds and _has_balancers(parts):
        yield "the AWS Load Balancer Controller"


def _list_judged(site: Site, via: str) -> str:
    """The services behind Google's load balancers whose readiness those do not know: they take `/` and 200 for it.

    Its Ingress reads the readiness probe of the exposed port, its gateway reads none.
    """
    names = [
        str(name)
        for name, service in sorted(site.services.items())
        if service.expose is not None and service.expose.via == via and find_router(service) != "nginx"
        if find_health_path(service) != "/" and (via == "gateway" or find_health_path(service) is None)
    ]
    return ", ".join(names)


def _list_basics(site: Site, kinds: Container[str]) -> Iterator[str]:
    """What our Terraform makes with the cluster, and whoever else makes it must see to."""
    cloud = site.cluster.cloud
    if "HorizontalPodAutoscaler" in kinds and cloud not in ("gcp", "azure") and not site.addon("metrics-server"):
        yield "metrics-server, by whose numbers services are scaled"
    if "StorageClass" in kinds and cloud == "aws":
        yield "the EBS CSI driver, which makes the volumes"
    if "NetworkPolicy" in kinds and cloud in ENFORCERS and not has_cilium(site):
        yield ENFORCERS[cloud]


def _list_nodes(site: Site) -> Iterator[str]:
    """The nodes of a cluster that somebody else makes: without its pool's label no pod of ours finds one."""
    if site.cluster.cloud == "kind" or site.cluster.metal is not None:
        return
    for name, pool in sorted(site.cluster.pools.items()):
        taints = [f"`{each['key']}={each['value']}:{each['effect']}`" for each in list_taints(site, str(name), pool)]
        pages = [f"{size} of {kind} pages each" for kind, size in sorted(pool.hugepages.items())]
        parts = [
            f"nodes of pool {name}, with the label `{POOL_LABEL}={name}`",
            *(f"the taint {taint}" for taint in taints),
            *pages,
            *(["a kubelet that gives whole CPUs of one NUMA node"] if pool.pinning == "static" else []),
        ]
        yield ", ".join(parts)


def _has_balancers(parts: Parts) -> bool:
    """Whether the cloud is asked for a load balancer: by a Service, a Gateway, or a database that copies follow."""
    found = [record for records in parts.values() for record in records]
    return any({"balancer", "topology"} & record.keys() or record.get("type") == BALANCER for record in found)
