"""What we tell the charts of add-ons: no more than a cluster of ours needs, and never a secret.

A value stands here for a reason: a default that drifts under Argo CD, that blocks a drain, that opens what must stay
closed, or that another output relies on.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from hftgen.facts.accounts import WORKLOAD_IDENTITY
from hftgen.facts.addons import find_namespace, needs_mesh_plugin
from hftgen.facts.balancers import annotate_balancer
from hftgen.facts.cilium import ADDON as CILIUM
from hftgen.facts.cilium import configure_cilium, has_cilium, label_balancer
from hftgen.facts.kernel import find_architecture
from hftgen.facts.names import POOL_LABEL
from hftgen.facts.record import Facts
from hftgen.facts.releases import find_router
from hftgen.facts.site import Site

# The plugin by which Rollouts moves the weights of an HTTPRoute.
PLUGIN = "argoproj-labs/gatewayAPI"
PLUGIN_VERSION = "v0.16.0"
PLUGIN_URL = "https://github.com/argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi/releases/download"

# Control planes that nobody but the cloud can scrape; alerts on them would never stop.
MANAGED = ("aws", "gcp", "azure")

PROMETHEUS = "kube-prometheus"

# Clouds whose clusters all have a metrics-server.
OWN_METRICS = ("gcp", "azure")

MESH_PLUGIN = "istio-cni"

# Istio's gateways, by whether they are internal. Pods carry their release's name as a label: see routes.ISTIO_GATEWAYS.
GATEWAYS = {"istio-ingressgateway": False, "istio-ingressgateway-internal": True}


def find_values(site: Site, chart: str) -> Facts:
    """The values of one chart of the table, by the name of its Application; empty where its defaults are right."""
    find = VALUES.get(chart)
    return find(site) if find is not None else {}


def is_needed(site: Site, chart: str) -> bool:
    """Whether anything hangs on what a chart installs: each of Istio's gateways has its own services.

    Cilium is the network of clusters on metal alone; elsewhere the cloud, or kind, has one. GKE and AKS have a
    metrics-server of their own, and take back what another writes into its objects.
    """
    if chart == CILIUM:
        return has_cilium(site)
    if chart == MESH_PLUGIN:
        return needs_mesh_plugin(site)
    if chart == "metrics-server":
        return site.cluster.cloud not in OWN_METRICS
    return chart not in GATEWAYS or GATEWAYS[chart] in _list_istio_exposed(site)


def _list_istio_exposed(site: Site) -> set[bool]:
    """Whether they are internal: the services that Istio's own gateways expose, since Rollouts weighs them there."""
    return {
        service.expose.internal
        for service in site.services.values()
        if find_router(service) == "istio" and service.expose is not None and service.expose.via == "gateway"
    }


def _configure_rollouts(site: Site) -> Facts:
    controller: Facts = {"replicas": _count(site), **_disrupt(site, "pdb")}
    if site.addon("prometheus-operator") is not None:
        controller["#metrics"] = "Alerts on releases read rollout_info."
        controller["metrics"] = {"enabled": True, "serviceMonitor": {"enabled": True}}
    if any(find_router(service) == "gateway" for service in site.services.values()):
        controller["#trafficRouterPlugins"] = "The controller fetches it as it starts, and does not start without it."
        architecture = _find_architecture(site)
        location = f"{PLUGIN_URL}/{PLUGIN_VERSION}/gatewayapi-plugin-linux-{architecture}"
        controller["trafficRouterPlugins"] = [{"name": PLUGIN, "location": location}]
        controller["#nodeSelector"] = "The plugin's program is for these nodes."
        controller["nodeSelector"] = {"kubernetes.io/arch": architecture}
    return {"controller": controller}


def _find_architecture(site: Site) -> str:
    """Of the nodes that a controller may run on, which are not the pinned ones; amd64 where there are both."""
    found = {find_architecture(site, pool) for pool in site.cluster.pools.values() if pool.pinning != "static"}
    return "arm64" if found == {"arm64"} else "amd64"


def _configure_external_secrets(site: Site) -> Facts:
    pods = _count(site)
    return {
        "replicaCount": pods,
        **({"leaderElect": True} if pods > 1 else {}),
        "webhook": {"replicaCount": pods},
    }


def _configure_prometheus(site: Site) -> Facts:
    unreachable = site.cluster.cloud in MANAGED
    scraped = ("kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler")
    return {
        "fullnameOverride": PROMETHEUS,
        "#grafana": "Its chart draws a new admin password each time that it is rendered; dashboards are ConfigMaps.",
        "grafana": {"enabled": False},
        "#prometheusOperator": "Hooks would make its webhook's certificate; rules are checked before.",
        "prometheusOperator": {"admissionWebhooks": {"enabled": False}, "tls": {"enabled": False}},
        **{name: {"enabled": False} for name in scraped if unreachable},
        "prometheus": {"prometheusSpec": _describe_prometheus(site)},
        **_alias_prometheus(site),
    }


def _describe_prometheus(site: Site) -> Facts:
    observability = site.environment.observability
    prometheus = observability.prometheus if observability is not None else None
    interval = prometheus.scrapeInterval if prometheus is not None else None
    selectors = ("podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor")
    return {
        "#podMonitorSelectorNilUsesHelmValues": "Else only objects with the label of this release are read, silently.",
        **{f"{name}SelectorNilUsesHelmValues": False for name in selectors},
        "replicas": _count(site),
        **({"scrapeInterval": str(interval)} if interval is not None else {}),
    }


def _alias_prometheus(site: Site) -> Facts:
    """A Service by the name under which the spec expects Prometheus, where that is in the add-on's namespace."""
    observability = site.environment.observability
    if observability is None or observability.prometheus is None:
        return {}
    address = urlsplit(str(observability.prometheus.address))
    name, *rest = (address.hostname or "").split(".")
    if rest[:2] != [find_namespace(site, "prometheus-operator"), "svc"] or name == f"{PROMETHEUS}-prometheus":
        return {}
    selector = {
        "app.kubernetes.io/name": "prometheus",
        "operator.prometheus.io/name": f"{PROMETHEUS}-prometheus",
    }
    ports = [{"name": "http-web", "port": address.port or 80, "targetPort": "http-web"}]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}}
    return {
        "#extraManifests": "observability.prometheus.address.",
        "extraManifests": [{**service, "spec": {"selector": selector, "ports": ports}}],
    }


def _configure_postgres(site: Site) -> Facts:
    return {"replicaCount": _count(site)}


def _configure_istio_base(site: Site) -> Facts:
    return _place_istio(site)


def _configure_istiod(site: Site) -> Facts:
    pods = _count(site)
    note = {"#autoscaleMin": "Of one pod its disruption budget lets none go: no node could be drained."}
    plugin = {"cni": {"enabled": True}} if needs_mesh_plugin(site) else {}
    return {**(note if pods > 1 else {}), "autoscaleMin": pods, **plugin, **_place_istio(site)}


def _configure_mesh_plugin(site: Site) -> Facts:
    """On GKE programs lie elsewhere, and a namespace needs a quota for pods of this priority."""
    pinned = sorted(str(name) for name, pool in site.cluster.pools.items() if pool.pinning == "static")
    away = {"key": POOL_LABEL, "operator": "NotIn", "values": pinned}
    terms = {"nodeSelectorTerms": [{"matchExpressions": [away]}]}
    note = "Nodes' most urgent priority would take the place of what trades, which has no proxy."
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}
    return {
        **({"#affinity": note, "affinity": affinity} if pinned else {}),
        **({"global": {"platform": "gke"}} if site.cluster.cloud == "gcp" else {}),
    }


def _configure_public_gateway(site: Site) -> Facts:
    return _configure_istio_gateway(site, internal=False)


def _configure_internal_gateway(site: Site) -> Facts:
    return _configure_istio_gateway(site, internal=True)


def _configure_istio_gateway(site: Site, *, internal: bool) -> Facts:
    annotations, labels = (
        annotate_balancer(site.cluster.cloud, internal=internal),
        label_balancer(site, internal=internal),
    )
    return {
        **({"labels": labels} if labels else {}),
        "autoscaling": {"minReplicas": _count(site)},
        **({"podDisruptionBudget": {"maxUnavailable": 1}} if _count(site) > 1 else {}),
        **({"service": {"annotations": annotations}} if annotations else {}),
        **({} if site.cluster.cloud != "kind" else {"service": {"type": "NodePort"}}),
    }


def _place_istio(site: Site) -> Facts:
    namespace = find_namespace(site, "gateway")
    return {} if namespace == "istio-system" else {"global": {"istioNamespace": namespace}}


def _configure_velero(_site: Site) -> Facts:
    return {
        "#backupsEnabled": "Where backups go, and as whom, is the recovery section's.",
        "backupsEnabled": False,
        "snapshotsEnabled": False,
        "credentials": {"useSecret": False},
        "#upgradeCRDs": "Argo CD applies the CRDs of the chart; the job would be a second owner.",
        "upgradeCRDs": False,
    }


def _configure_cert_manager(site: Site) -> Facts:
    pods, dns = _count(site), site.environment.dns
    known = dns is not None and dns.identity is not None and site.cluster.cloud == "azure"
    mark = {WORKLOAD_IDENTITY: "true"}
    return {
        **({"podLabels": mark, "serviceAccount": {"labels": mark}} if known else {}),
        "crds": {"enabled": True, "keep": True},
        "#global": "Leases in its own namespace, so that it writes nowhere else.",
        "global": {"leaderElection": {"namespace": find_namespace(site, "cert-manager")}},
        "replicaCount": pods,
        "cainjector": {"replicaCount": pods},
        "webhook": {"replicaCount": pods},
        "#startupapicheck": "A hook that waits; whoever uses its kinds tries again.",
        "startupapicheck": {"enabled": False},
    }


def _configure_metrics_server(site: Site) -> Facts:
    local = site.cluster.cloud == "kind" or site.cluster.metal is not None
    note = {"#args": "A kubelet here signs its own certificate.", "args": ["--kubelet-insecure-tls"]}
    return {"replicas": _count(site), **_disrupt(site, "podDisruptionBudget"), **(note if local else {})}


def _count(site: Site) -> int:
    """Pods of a controller: two, so that a node can go; one where nobody waits for it."""
    return 1 if site.is_development else 2


def _disrupt(site: Site, key: str) -> Facts:
    return {key: {"enabled": True, "maxUnavailable": 1}} if _count(site) > 1 else {}


VALUES: Mapping[str, Callable[[Site], Facts]] = {
    "argo-rollouts": _configure_rollouts,
    CILIUM: configure_cilium,
    "external-secrets": _configure_external_secrets,
    "prometheus-operator": _configure_prometheus,
    "cloudnative-pg": _configure_postgres,
    "istio-base": _configure_istio_base,
    MESH_PLUGIN: _configure_mesh_plugin,
    "istiod": _configure_istiod,
    "istio-ingressgateway": _configure_public_gateway,
    "istio-ingressgateway-internal": _configure_internal_gateway,
    "velero": _configure_velero,
    "cert-manager": _configure_cert_manager,
    "metrics-server": _configure_metrics_server,
}
