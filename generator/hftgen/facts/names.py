"""Names and keys that several outputs must agree on: a label here is a selector there and a taint in Terraform."""

import hashlib
import re

from hftgen.facts.site import Site

# The folder of the repository that holds what hftgen renders; Applications and alerts name paths below it.
RENDERED = "rendered"

LABEL_NAME = "app.kubernetes.io/name"
LABEL_INSTANCE = "app.kubernetes.io/instance"
LABEL_PROJECT = "app.kubernetes.io/part-of"
LABEL_MANAGER = "app.kubernetes.io/managed-by"
MANAGER = "hftgen"

# The longest name of an Azure Key Vault.
VAULT = 24

# Every pool's nodes carry the label; those of a pinned pool the taint of the same value, with the effect NoSchedule.
POOL_LABEL = "hftgen.io/pool"
POOL_TAINT = "hftgen.io/pool"

# AKS writes this label, and a taint of the same value, on machines that the cloud may take back; it cannot be left out.
SPOT_TAINT, SPOT = "kubernetes.azure.com/scalesetpriority", "spot"

# A Service with this label and value may have a public address; see cilium.label_balancer.
REACH_LABEL = "hftgen.io/reach"
REACH_PUBLIC = "public"

# Where disks of hosts are mounted, each below its own name.
DISKS = "/var/lib/hftgen/disks"

# A pod of an activePassive service says with this label that it holds the Lease; the Service selects it.
HOLDER_LABEL = "hftgen.io/holder"


def name_runbook(environment: str, service: str) -> str:
    """The path of a service's runbook in the repository."""
    return f"{RENDERED}/{environment}/runbooks/{service}.md"


def name_headless(service: str) -> str:
    """The Service that gives a StatefulSet's pods their names."""
    return f"{service}-headless"


def name_ordinal(service: str, ordinal: int) -> str:
    """The Service of one shard; also its pod's name."""
    return f"{service}-{ordinal}"


def name_canary(service: str) -> str:
    """The Service of a canary's new pods, where a router weighs traffic."""
    return f"{service}-canary"


def name_preview(service: str) -> str:
    """The Service of a blue-green release's new pods before they are promoted."""
    return f"{service}-preview"


def name_variant(service: str, variant: str) -> str:
    """The workload and Service of one variant of an A/B test."""
    return f"{service}-{variant}"


def name_balancer(service: str) -> str:
    """The Service of type LoadBalancer that exposes one port and nothing else."""
    return f"{service}-public"


def name_replicator(datastore: str) -> str:
    """Where a standby follows a database: the Service that it reaches, and the Secret by which it logs in."""
    return f"{datastore}-replicator"


def name_shards(service: str) -> str:
    """The Secret with one key for each shard."""
    return f"{service}-shards"


def name_scoped(project: str, environment: str, suffix: str = "") -> str:
    """A name outside the namespace: it carries project and environment, so that environments may share a cluster."""
    return "-".join(part for part in (project, environment, suffix) if part)


def name_certificate(site: Site, service: str, *, shared: bool = False) -> str:
    """The Secret with the certificate of the host that a service exposes; `shared`: in the gateway's namespace."""
    name = f"{service}-tls"
    return name_scoped(site.project, site.environment.environment, name) if shared else name


def name_vault(project: str, environment: str) -> str:
    """An Azure Key Vault: 24 characters, so that a longer name ends in a hash, or two environments might share one."""
    return tidy(name_scoped(project, environment), VAULT)


def tidy(name: str, longest: int) -> str:
    """A name without doubled hyphens, which Azure refuses, cut where it must be; names that differ stay different."""
    flat = re.sub(r"-{2,}", "-", name)
    if flat == name:
        return shorten(name, longest)
    return f"{flat[: longest - 7].rstrip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def shorten(name: str, longest: int) -> str:
    """The name, or its beginning and six characters of a hash where it is too long."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return name if len(name) <= longest else f"{name[: longest - 7].rstrip('-')}-{digest}"


def select_service(service: str) -> dict[str, str]:
    """All pods of a service, whatever workload runs them."""
    return {LABEL_NAME: service}


def select_workload(service: str, workload: str) -> dict[str, str]:
    """The pods of one workload. Selectors are immutable, so nothing that a spec may change stands here."""
    return {LABEL_NAME: service, LABEL_INSTANCE: workload}
