"""Disks of hosts: a PersistentVolume each, where a claim of this environment may want it.

Ansible makes a file system on the disk and mounts it; nothing empties it while a cluster runs. A volume that was
released keeps its data until a person has looked at them. It is a folder of the disk, which is not there while the
disk is not mounted: no pod writes beside it.
"""

from collections.abc import Iterator

from hftgen.facts.names import DISKS, name_scoped
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.facts.storage import list_classes, name_class


def describe_volumes(site: Site) -> Iterator[Record]:
    """The volumes of hosts whose class a service or datastore of this cluster uses."""
    wanted = set(list_classes(site))
    for fact in list_disks(site):
        if fact["class"] in wanted:
            yield describe(site, "PersistentVolume", fact["name"], "platform", **fact["facts"], storage=fact["class"])


def list_disks(site: Site) -> list[Facts]:
    """`{host, disk, device, mount, name, class, facts}` of each disk that the spec names."""
    metal = site.cluster.metal
    return [
        {
            "host": str(name),
            "disk": str(key),
            "device": str(disk.device),
            "mount": f"{DISKS}/{key}",
            "name": name_scoped(site.project, site.environment.environment, f"{name}-{key}"),
            "class": name_class(site, disk.class_, str(host.pool)),
            "facts": {"node": str(name), "path": f"{DISKS}/{key}/volume", "size": str(disk.size)},
        }
        for name, host in (sorted(metal.hosts.items()) if metal is not None else ())
        for key, disk in sorted(host.disks.items())
    ]
