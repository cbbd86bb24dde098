"""What Ansible is told: hosts of our own, one by one, and the machines that images for EKS are built on.

Running managed nodes are never its business: a cloud replaces them. The nodes of a pool are those of facts/nodes.py.
"""

from collections.abc import Iterable, Sequence

from hftgen.facts.freezes import Freezes
from hftgen.facts.maintenance import Maintenance
from hftgen.facts.nodes import describe_node
from hftgen.facts.racks import describe_host, describe_rack
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.metal import Metal
from hftgen.spec.units import HostName

DAY = 24 * 60

# EKS' names for architectures, in names of its images.
EKS_ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}


def derive_inventory(sites: Sequence[Site]) -> Facts | None:
    """Ansible's inventory of the hosts of all clusters on metal; None where there are none."""
    racks = [(site, metal) for site in sites if (metal := site.cluster.metal) is not None]
    if not racks:
        return None
    workers = [name_group(site, str(pool)) for site, _ in racks for pool in sorted(site.cluster.pools)]
    clusters = {name_cluster(site): _describe_cluster_group(site, metal) for site, metal in racks}
    groups = {"metal": {"children": clusters}, "workers": _group(workers), **_list_parts(racks)}
    return {"all": {"children": groups}}


def _list_parts(racks: Sequence[tuple[Site, Metal]]) -> Facts:
    """The groups by which clusters are built and upgraded: control planes, distributions, who trades."""
    parts = {
        name: _group(name_cluster(site) for site, metal in racks if name in (metal.distribution, site.cluster.role))
        for name in ("k3s", "kubeadm", "primary", "standby")
    }
    first: Facts = {metal.list_control_planes()[0]: {} for _, metal in racks}
    planes = _group(f"control_plane_{site.name}" for site, _ in racks)
    return {**parts, "control_planes": planes, "first_control_planes": {"hosts": first}}


def _group(names: Iterable[str]) -> Facts:
    return {"children": {name: {} for name in names}}


def derive_ansible(site: Site, freezes: Freezes, window: Maintenance | None) -> Facts | None:
    """`{variables, pools, images}` of a cluster; None where Ansible has nothing to do for it.

    `variables` are those of its hosts, `pools` by name those of a pool's, `images` by pool those of Packer.
    """
    images = {name: image for name in sorted(map(str, site.cluster.pools)) if (image := _describe_image(site, name))}
    metal = site.cluster.metal
    if metal is None and not images:
        return None
    names = images if metal is None else sorted(map(str, site.cluster.pools))
    facts: Facts = {"images": images, "pools": {name: _describe_pool(site, name) for name in names}}
    facts["variables"] = {"cluster": _describe_cluster(site), "reboots": _describe_reboots(site, freezes, window)}
    if metal is not None:
        facts["variables"]["rack"] = describe_rack(site, metal)
    return facts


def name_group(site: Site, pool: str) -> str:
    """The group of a pool's hosts. Names of the spec have no underscores, so that no two groups meet in one name."""
    return f"pool_{site.name}_{pool}"


def name_cluster(site: Site) -> str:
    """The group of a cluster's hosts."""
    return f"cluster_{site.name}"


def _describe_cluster_group(site: Site, metal: Metal) -> Facts:
    children: Facts = {f"control_plane_{site.name}": {"hosts": {name: {} for name in metal.list_control_planes()}}}
    for pool in sorted(map(str, site.cluster.pools)):
        children[name_group(site, pool)] = {"hosts": {name: {} for name in metal.list_workers(pool)}}
    hosts = {str(name): _describe_host(site, metal, str(name)) for name in sorted(metal.hosts)}
    return {"hosts": hosts, "children": children}


def _describe_host(site: Site, metal: Metal, name: str) -> Facts:
    """A host's own variables: where it is, which cards and disks it has, and what its distribution is told."""
    host = metal.hosts[HostName(name)]
    facts: Facts = {"ansible_host": str(host.address), "interfaces": {}, "disks": {}}
    facts["rack_host"] = describe_host(site, metal, name)
    if metal.user is not None:
        facts["ansible_user"] = str(metal.user)
    if host.zone is not None:
        facts["zone"] = str(host.zone)
    for kind in ("interfaces", "disks"):
        for key, each in sorted(getattr(host, kind).items()):
            facts[kind][str(key)] = each.model_dump(mode="json", by_alias=True, exclude_none=True)
    return facts


def _describe_cluster(site: Site) -> Facts:
    metal = site.cluster.metal
    return {"name": site.name, "distribution": metal.distribution if metal is not None else "eks"}


def _describe_pool(site: Site, name: str) -> Facts:
    """What the roles read of a pool: its nodes, without what only a cloud asks for."""
    node = describe_node(site, name).dump()
    return {"node": {key: value for key, value in node.items() if key not in ("name", "image", "pods")}}


def _describe_image(site: Site, name: str) -> Facts | None:
    """Packer's variables for a pool's image: built and proved on the very machine that will run it."""
    node = describe_node(site, name)
    found = site.pool(name)
    if node.image is None or found is None:
        return None
    pool = found[1]
    version = site.environment.kubernetes.version
    release = pool.tuning.image or "*"
    return {
        "image": node.image,
        "source": f"amazon-eks-node-al2023-{EKS_ARCHITECTURES[node.architecture]}-standard-{version}-{release}",
        "region": str(site.cluster.region or ""),
        "machine": str(pool.machine),
        "group": name_group(site, name),
        "tags": {
            "project": site.project,
            "environment": site.environment.environment,
            "cluster": site.name,
            "pool": name,
        },
    }


def _describe_reboots(site: Site, freezes: Freezes, window: Maintenance | None) -> Facts:
    """When a host may be taken out: `policy` is any, window or never; of a window its beginnings and length.

    Beginnings are minutes of the week in UTC, the week's first is Sunday's; `until` is the last day whose sessions are
    known.
    """
    if not _is_frozen(site, freezes):
        return {"policy": "any"}
    if window is None:
        return {"policy": "never"}
    return {"policy": "window", **_describe_window(window, _find_horizon(site))}


def _describe_window(window: Maintenance, horizon: str | None) -> Facts:
    described = window.describe()
    facts = {
        "words": f"{', '.join(described['days'])} from {described['start']} UTC for {window.hours} hours",
        "begins": [day * DAY + window.hour * 60 for day in window.days],
        "minutes": window.hours * 60,
        "exclusions": described["exclusions"],
    }
    return {**facts, "until": horizon} if horizon is not None else facts


def _is_frozen(site: Site, freezes: Freezes) -> bool:
    said = [service.freeze for service in site.services.values() if service.freeze is not None]
    dumps = [each.model_dump(mode="json", exclude_none=True) for each in said]
    return bool(freezes.list_causes(None)) or any(freezes.list_causes(each) for each in dumps)


def _find_horizon(site: Site) -> str | None:
    freeze = site.environment.gitops.freeze
    horizon = getattr(freeze, "horizon", None)
    return str(horizon.end) if horizon is not None else None
