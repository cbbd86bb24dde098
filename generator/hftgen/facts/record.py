"""Facts about one Kubernetes object: which kind it is, what it is called, and what its template needs to shape it."""

from typing import Any, NamedTuple

from hftgen.facts.names import LABEL_MANAGER, LABEL_NAME, LABEL_PROJECT, MANAGER
from hftgen.facts.site import Site

Facts = dict[str, Any]

Record = dict[str, Any]
"""`apiVersion`, `kind`, `file` (where it is written, without ending), `name`, `namespace` (absent for a cluster's
objects), `labels`, `annotations`; then the facts of its kind, which templates/_lib/objects.libsonnet turns into fields.
"""


class Kind(NamedTuple):
    """How a kind is addressed, and the file that holds it."""

    version: str
    file: str
    clusterwide: bool = False


KINDS = {
    "Namespace": Kind("v1", "namespace", clusterwide=True),
    "PriorityClass": Kind("scheduling.k8s.io/v1", "priorityclass", clusterwide=True),
    "ResourceQuota": Kind("v1", "resourcequota"),
    "ClusterIssuer": Kind("cert-manager.io/v1", "clusterissuer", clusterwide=True),
    "PersistentVolume": Kind("v1", "persistentvolume", clusterwide=True),
    "CiliumLoadBalancerIPPool": Kind("cilium.io/v2", "balancers", clusterwide=True),
    "CiliumBGPClusterConfig": Kind("cilium.io/v2", "balancers", clusterwide=True),
    "CiliumBGPPeerConfig": Kind("cilium.io/v2", "balancers", clusterwide=True),
    "CiliumBGPAdvertisement": Kind("cilium.io/v2", "balancers", clusterwide=True),
    "CiliumL2AnnouncementPolicy": Kind("cilium.io/v2alpha1", "balancers", clusterwide=True),
    "StorageClass": Kind("storage.k8s.io/v1", "storageclass", clusterwide=True),
    "ServiceAccount": Kind("v1", "serviceaccount"),
    "Role": Kind("rbac.authorization.k8s.io/v1", "role"),
    "RoleBinding": Kind("rbac.authorization.k8s.io/v1", "rolebinding"),
    "ConfigMap": Kind("v1", "configmap"),
    "SecretStore": Kind("external-secrets.io/v1", "secretstore"),
    "ExternalSecret": Kind("external-secrets.io/v1", "externalsecret"),
    "PersistentVolumeClaim": Kind("v1", "persistentvolumeclaim"),
    "Deployment": Kind("apps/v1", "deployment"),
    "StatefulSet": Kind("apps/v1", "statefulset"),
    "Rollout": Kind("argoproj.io/v1alpha1", "rollout"),
    "AnalysisTemplate": Kind("argoproj.io/v1alpha1", "analysistemplate"),
    "Job": Kind("batch/v1", "job"),
    "CronJob": Kind("batch/v1", "cronjob"),
    "Service": Kind("v1", "service"),
    "HorizontalPodAutoscaler": Kind("autoscaling/v2", "horizontalpodautoscaler"),
    "PodDisruptionBudget": Kind("policy/v1", "poddisruptionbudget"),
    "NetworkPolicy": Kind("networking.k8s.io/v1", "networkpolicy"),
    "Ingress": Kind("networking.k8s.io/v1", "ingress"),
    "HTTPRoute": Kind("gateway.networking.k8s.io/v1", "httproute"),
    "Gateway": Kind("gateway.networking.k8s.io/v1", "gateway"),
    "IstioGateway": Kind("networking.istio.io/v1", "gateway"),
    "Certificate": Kind("cert-manager.io/v1", "certificate"),
    "VirtualService": Kind("networking.istio.io/v1", "virtualservice"),
    "Cluster": Kind("postgresql.cnpg.io/v1", "cluster"),
    "PrometheusRule": Kind("monitoring.coreos.com/v1", "prometheusrule"),
}
"""By our name of a kind: `IstioGateway` is a `Gateway` of another group."""


# What holds data goes only when a person says so, whatever Argo CD is asked to prune.
KEEPERS = frozenset(("Namespace", "StatefulSet", "PersistentVolume", "PersistentVolumeClaim", "Cluster"))
KEEP = {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"}


def describe(site: Site, kind: str, name: str, part: str, **facts: Any) -> Record:
    """One object of a part: `platform`, `datastores` or a service. Facts that are None are left out.

    A service's own labels and annotations go onto each of its objects; ours win over them.
    """
    shape = KINDS[kind]
    service = site.services.get(part)
    own = {LABEL_NAME: facts.pop("application", part), LABEL_PROJECT: site.project, LABEL_MANAGER: MANAGER}
    annotations = {**(service.annotations if service else {}), **facts.pop("annotations", {})}
    annotations |= KEEP if kind in KEEPERS else {}
    record = {
        "apiVersion": shape.version,
        "kind": kind.removeprefix("Istio"),
        "file": shape.file,
        "name": name,
        "labels": {**(service.labels if service else {}), **own, **facts.pop("labels", {})},
        **({"annotations": annotations} if annotations else {}),
        **({} if shape.clusterwide else {"namespace": site.namespace}),
    }
    record |= {key: value for key, value in facts.items() if value is not None}
    # Helm must not take such text for its own.
    return record | {"escape": True} if "{{" in str(record) else record


def find_kind(record: Record) -> tuple[str, str]:
    """API group and kind of an object."""
    return record["apiVersion"].rpartition("/")[0], record["kind"]
