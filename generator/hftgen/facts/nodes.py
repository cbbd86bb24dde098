"""A pool's nodes: said once, and read by Terraform, Ansible, kind and the pods that shall run there."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from hftgen.facts.kernel import (
    Cpus,
    count_pages,
    find_architecture,
    list_arguments,
    list_cpus,
    set_sysctls,
)
from hftgen.facts.kubelet import describe_kubelet
from hftgen.facts.names import POOL_LABEL, POOL_TAINT, SPOT, SPOT_TAINT, name_scoped
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.storage import needs_ultra
from hftgen.spec.pool import Pool
from hftgen.spec.rules.azure_ranges import is_overlay
from hftgen.spec.rules.nodes import Shape, count_pods
from hftgen.spec.rules.shapes import shape_node

# The longest name of a node pool: AKS' own limit, GKE's own, EKS' of node groups.
LONGEST = {"azure": 12, "gcp": 40}
LONGEST_ELSEWHERE = 63
# Raised when the roles bake something else into an image: the same name must not mean two images.
IMAGE_FORMAT = 1


@dataclass(frozen=True)
class NodeFacts:
    """The nodes of one pool.

    `name` carries a hash of all that cannot change on a living node: another hash is another pool, made beside the old
    one. `taints` are `{key, value, effect}` with Kubernetes' effects. `kubelet` has KubeletConfiguration's own keys,
    `kernel_arguments` stand beside the image's own, `hugepages` counts pages by size and NUMA node, `sysctls` are the
    machine's, `transparent_hugepages` is `never` or None (the system's own), `pods` the most a node takes, `image` the
    machine image that Packer makes, None where the cloud's own will do.
    """

    name: str
    pool: str
    architecture: str
    labels: dict[str, str]
    taints: list[dict[str, str]]
    kubelet: Facts
    kernel_arguments: list[str]
    hugepages: dict[str, list[int]]
    cpus: Cpus
    sysctls: dict[str, str]
    transparent_hugepages: str | None
    pods: int
    image: str | None

    def dump(self) -> Facts:
        """As plain JSON, for templates."""
        return {**asdict(self), "cpus": {**self.cpus._asdict(), "numa": list(self.cpus.numa)}}


def describe_node(site: Site, pool_name: str) -> NodeFacts:
    """The nodes of a pool of this cluster. KeyError where it has no such pool."""
    pool, shape = _find(site, pool_name)
    pinned = shape.pinned
    return NodeFacts(
        name=name_pool(site, pool_name),
        pool=pool_name,
        architecture=find_architecture(site, pool),
        labels={POOL_LABEL: pool_name} | ({SPOT_TAINT: SPOT} if is_marked(site, pool) else {}),
        taints=list_taints(site, pool_name, pool),
        kubelet=describe_kubelet(site, pool_name, shape),
        kernel_arguments=list_arguments(site, pool, shape),
        hugepages=count_pages(shape),
        cpus=list_cpus(shape),
        sysctls=set_sysctls(site, pool),
        transparent_hugepages="never" if pinned else None,
        pods=count_pods(shape),
        image=name_image(site, pool_name),
    )


def list_taints(site: Site, pool_name: str, pool: Pool) -> list[dict[str, str]]:
    """What keeps other pods off a pool's nodes; its own tolerate it."""
    taints = {POOL_TAINT: pool_name} if pool.pinning == "static" else {}
    taints |= {SPOT_TAINT: SPOT} if is_marked(site, pool) else {}
    return [{"key": key, "value": value, "effect": "NoSchedule"} for key, value in taints.items()]


def is_marked(site: Site, pool: Pool) -> bool:
    """Whether the cloud itself marks the pool's nodes as ones that it may take back."""
    return pool.spot and site.cluster.cloud == "azure"


def name_pool(site: Site, pool_name: str) -> str:
    """The pool's name in its cloud: its own and a hash, within the cloud's limit."""
    pool, shape = _find(site, pool_name)
    longest = LONGEST.get(site.cluster.cloud, LONGEST_ELSEWHERE)
    if site.cluster.cloud == "azure":
        return f"{pool_name[: longest - 6]}{_digest(_list_fixed(site, pool_name, pool, shape), 6)}"
    return f"{pool_name}-{_digest(_list_fixed(site, pool_name, pool, shape), 8)}"


def name_image(site: Site, pool_name: str) -> str | None:
    """The machine image of an AWS pool whose kernel is told something: only an image can tell it before it starts.

    At most 122 characters, as long as the spec's names may be; an AMI's may have 128.
    """
    pool, shape = _find(site, pool_name)
    baked = _list_baked(site, pool, shape)
    if not baked:
        return None
    scope = name_scoped(site.project, site.environment.environment, f"{site.name}-{pool_name}")
    return f"{scope}-{_digest(baked, 8)}"


def _list_baked(site: Site, pool: Pool, shape: Shape) -> list[Any]:
    """What the pool's image is made of; empty where it needs none."""
    arguments = list_arguments(site, pool, shape)
    if site.cluster.cloud != "aws" or not arguments:
        return []
    baked = [IMAGE_FORMAT, _version(site), find_architecture(site, pool), arguments]
    return [*baked, set_sysctls(site, pool), list_cpus(shape), count_pages(shape), pool.tuning.image]


def _list_fixed(site: Site, name: str, pool: Pool, shape: Shape) -> list[Any]:
    """What a living pool cannot change; of a pinned pool also what its nodes would have to be restarted for.

    Azure could change a few more by cycling the machines, which it does without a drain.
    """
    zones = sorted(pool.zones or site.cluster.zones)
    fixed: list[Any] = [name, pool.machine, zones, pool.placement, pool.spot, shape.threads, count_pages(shape)]
    fixed.append(_list_baked(site, pool, shape))
    if site.cluster.cloud == "gcp" and not shape.pinned:
        # GKE has no field for a minor version alone, and the exclusion that holds the cluster's holds its nodes' too.
        fixed.append(_version(site))
    if shape.pinned:
        fixed += [_version(site), describe_kubelet(site, name, shape), set_sysctls(site, pool), POOL_TAINT]
    if site.cluster.cloud == "azure":
        fixed += [site.is_encrypted, is_overlay(site.cluster), needs_ultra(site, name), count_pods(shape)]
        fixed += [] if shape.pinned else [describe_kubelet(site, name, shape), set_sysctls(site, pool)]
    return fixed


def _version(site: Site) -> str:
    return str(site.environment.kubernetes.version)


def _digest(value: Any, length: int) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:length]


def _find(site: Site, pool_name: str) -> tuple[Pool, Shape]:
    found = site.pool(pool_name)
    shape = shape_node(site.cluster, found[1], site.tables) if found is not None else None
    if found is None or shape is None:
        raise KeyError(pool_name)
    return found[1], shape
