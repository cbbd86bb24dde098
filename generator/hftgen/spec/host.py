"""`clusters.*.metal.hosts`: the machines of a co-located cluster, one by one."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import Address, Boolean, Count, InterfaceName, LabelValue, Mac, Memory, Name, PoolName, Vlan
from hftgen.spec.units.text import Grammar

LONGEST_DEVICE = 15
"""The longest name of an interface in Linux, a VLAN's number with it."""


class Driver(Grammar):
    """A module of the kernel."""

    __slots__ = ()
    words = "a driver's name: letters, digits, '_' and '-'"
    pattern = r"^[A-Za-z0-9_][A-Za-z0-9_-]*$"
    examples = ("sfc",)
    longest = 55


class Device(Grammar):
    """A device's path; by-path names have colons."""

    __slots__ = ()
    words = "a device's path below /dev, of letters, digits and ._:+@=-"
    pattern = r"^/dev(/(?!\.{1,2}(/|$))[A-Za-z0-9._:+@=-]+)+$"
    examples = ("/dev/disk/by-id/nvme-example-1",)


class Interface(RuledSection):
    """One network interface."""

    purpose: Literal["management", "cluster", "trading", "timing"] = Field(
        description="cluster: nodes and pods talk over it; trading: cross-connects to venues, tuned for latency; "
        "management: people and Ansible; timing: PTP alone.",
        examples=["trading"],
    )
    driver: Driver | None = Field(
        None,
        description="The kernel's driver, which decides what can be tuned. Left out: as the host finds it.",
        examples=["sfc"],
    )
    mac: Mac | None = Field(
        None,
        description="The card's own address; checked before anything is tuned. Left out: not checked.",
        examples=["02:00:5e:10:00:01"],
    )
    vlan: Vlan | None = Field(
        None,
        description="The tagged VLAN that carries its traffic, over the interface `NAME.VLAN`. Left out: untagged.",
        examples=[100],
    )
    numa: Count | None = Field(
        None,
        description="The NUMA node of its slot: its interrupts stay there. Left out: as the host finds it.",
        examples=[0],
    )
    ptp: Boolean = Field(
        default=False, description="Whether the time comes over it by PTP. Left out: false.", examples=[True]
    )

    def find_device(self, name: str) -> str:
        """The device that has the addresses: the interface, or its VLAN."""
        return name if self.vlan is None else f"{name}.{self.vlan}"


class LocalDisk(Section):
    """A disk of the host, whole, for one volume."""

    device: Device = Field(
        description="Its path, of the kind that no reboot changes.", examples=["/dev/disk/by-id/nvme-example-1"]
    )
    class_: Literal["fast", "standard"] = Field(
        "fast", alias="class", description="The class of volumes that it serves. Left out: fast.", examples=["fast"]
    )
    size: Memory = Field(description="The largest volume that it holds.", examples=["900Gi"])


class Host(RuledSection):
    """One host."""

    address: Address = Field(
        description="Its address on the interface with the purpose cluster, inside `network.vpc`.",
        examples=["10.60.1.11"],
    )
    roles: tuple[Literal["control-plane", "worker"], ...] = Field(
        ("worker",),
        description="control-plane: the API server and etcd; worker: pods. Left out: worker.",
        examples=[["control-plane"]],
    )
    pool: PoolName | None = Field(
        None, description="A worker's pool: its machine, labels, taints and tuning.", examples=["latency"]
    )
    zone: LabelValue | None = Field(
        None, description="Which of the cluster's zones it stands in, such as a rack or a cage.", examples=["cage-7"]
    )
    interfaces: dict[Annotated[str, InterfaceName], Interface] = Field(
        default_factory=dict,
        description="Network interfaces by the names that Linux gives them. Left out: nothing of them is tuned.",
        examples=[{"ens1f0": {"purpose": "trading", "driver": "sfc"}}],
    )
    disks: dict[Annotated[str, Name], LocalDisk] = Field(
        default_factory=dict,
        description="Disks for volumes of class fast and standard; Ansible empties none that holds anything.",
        examples=[{"journal": {"device": "/dev/disk/by-id/nvme-example-1", "size": "900Gi"}}],
    )

    @property
    def is_worker(self) -> bool:
        """Whether pods run on it."""
        return "worker" in self.roles

    @property
    def is_control_plane(self) -> bool:
        """Whether the API server and etcd run on it."""
        return "control-plane" in self.roles

    def breaches(self) -> Iterator[Breach]:
        """It has a role; a worker has a pool and nobody else; devices have one name and one use."""
        if not self.roles:
            yield Breach(("roles",), "a host without a role does nothing", "control-plane, worker, or both", found="[]")
        for index in repeated(list(self.roles)):
            yield Breach(("roles", index), "is named twice")
        if self.is_worker and self.pool is None:
            yield Breach(("pool",), "is missing: a worker belongs to one", "a pool of the cluster", found="nothing")
        if self.roles and not self.is_worker and self.pool is not None:
            yield Breach(("pool",), "only a worker belongs to a pool", "no pool", "or add worker to its roles")
        if not self.is_worker and self.disks:
            yield Breach(("disks",), "no volume is ever made on a host that is no worker", "no disks", found="disks")
        yield from self._break_interfaces()
        for index, (name, disk) in enumerate(self.disks.items()):
            if disk.device in [other.device for other in list(self.disks.values())[:index]]:
                yield Breach(("disks", name, "device"), "is named twice")

    def _break_interfaces(self) -> Iterator[Breach]:
        for name, interface in self.interfaces.items():
            if len(interface.find_device(name)) > LONGEST_DEVICE:
                yield Breach(
                    ("interfaces", name, "vlan"),
                    f"makes the name {interface.find_device(name)}, and Linux takes {LONGEST_DEVICE} characters",
                    "a shorter name for the interface",
                )
        cluster = [name for name, interface in self.interfaces.items() if interface.purpose == "cluster"]
        for name in cluster[1:]:
            yield Breach(
                ("interfaces", name, "purpose"),
                f"is {cluster[0]}'s already: a node has one address",
                "one interface with the purpose cluster",
            )
