"""`clusters.*.metal`: a cluster that one builds on hosts of one's own."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.host import Host
from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import Address, Asn, Cidr, HostName, KubernetesRelease, Name, Port, Url, Version
from hftgen.spec.units import Host as DnsName
from hftgen.spec.units.text import Grammar

K3S = "+k3s"

# As packages are numbered; what hosts are told (files/containerd.toml) no earlier one reads.
CONTAINERD = re.compile(r"[2-9]\.[0-9]+\.[0-9]+")


class LoginName(Grammar):
    """A user of Linux."""

    __slots__ = ()
    words = "a user's name: letters, digits and '._-', a letter or '_' first"
    pattern = r"^[A-Za-z_][A-Za-z0-9._-]*$"
    examples = ("ansible",)
    longest = 32


class Endpoint(Section):
    """Where the API server is reached, whichever control plane answers."""

    host: DnsName = Field(
        description="Its DNS name, which its certificate carries.", examples=["api.ny4.hft.example.com"]
    )
    address: Address | None = Field(
        None,
        description="An address of its own inside `network.vpc`, which the control planes hand to one another by VRRP. "
        "Left out: the name leads to a load balancer that somebody else runs.",
        examples=["10.60.0.10"],
    )
    port: Port = Field(6443, description="Its port. Left out: 6443.", examples=[6443])


class BgpPeer(Section):
    """A router that hears of Services' addresses."""

    address: Address = Field(description="The router's address.", examples=["10.60.0.2"])
    asn: Asn = Field(description="The router's number.", examples=[64600])
    secret: Name | None = Field(
        None,
        description="A Secret in kube-system, made by hand, whose key `password` is that of the session (TCP MD5). "
        "Left out: none.",
        examples=["bgp-tor-a"],
    )


class Bgp(RuledSection):
    """Announcing by BGP."""

    asn: Asn = Field(description="The number of the nodes.", examples=[64512])
    peers: dict[Annotated[str, Name], BgpPeer] = Field(
        min_length=1,
        description="The routers, by name; each node has a session with each.",
        examples=[{"tor-a": {"address": "10.60.0.2", "asn": 64600}}],
    )

    def breaches(self) -> Iterator[Breach]:
        """A router is named once."""
        names = list(self.peers)
        for index in repeated([peer.address for peer in self.peers.values()]):
            yield Breach(("peers", names[index], "address"), "is named twice")


class Balancers(RuledSection):
    """Addresses of Services of type LoadBalancer, and how the network hears of them."""

    addresses: tuple[Cidr, ...] = Field(
        description="Networks whose addresses are given to Services.", examples=[["10.60.200.0/24"]]
    )
    public: tuple[Cidr, ...] = Field(
        (),
        description="Networks for Services that are not internal. Left out: `addresses` serve all.",
        examples=[["203.0.113.128/28"]],
    )
    bgp: Bgp | None = Field(
        None,
        description="Nodes tell routers by BGP. Left out: a node answers for an address on its own network (ARP), "
        "whose networks then lie inside `network.vpc`.",
    )

    def breaches(self) -> Iterator[Breach]:
        """There are addresses, of IPv4, each once."""
        if not self.addresses:
            yield Breach(("addresses",), "are missing", "one network or more", found="[]")
        seen: list[Cidr] = []
        for field, index, cidr in self.list_ranges():
            if cidr.network.version != 4:
                yield Breach((field, index), "is of IPv6, and clusters on metal are built with IPv4", "10.60.200.0/24")
            elif any(cidr.network.overlaps(other.network) for other in seen):
                yield Breach((field, index), "overlaps one before it", "a network of its own")
            else:
                seen.append(cidr)

    def list_ranges(self) -> Iterator[tuple[str, int, Cidr]]:
        """Each network, with its field and position."""
        for field in ("addresses", "public"):
            for index, cidr in enumerate(getattr(self, field)):
                yield field, index, cidr


class Packages(Section):
    """Where the hosts fetch programs, if not from their authors."""

    kubernetes: Url | None = Field(
        None,
        description="A mirror of the apt repository of Kubernetes' minor version.",
        examples=["https://packages.example.com/kubernetes/v1.36/deb/"],
    )
    containerd: Url | None = Field(
        None,
        description="A mirror of Docker's apt repository, which has containerd.",
        examples=["https://packages.example.com/docker/linux/debian"],
    )
    k3s: Url | None = Field(
        None,
        description="A mirror of K3s' releases; below it lie folders by version.",
        examples=["https://packages.example.com/k3s"],
    )


class Metal(RuledSection):
    """How a cluster is built of hosts. Only for `cloud: metal`."""

    distribution: Literal["kubeadm", "k3s"] = Field(
        "kubeadm",
        description="kubeadm: Kubernetes as its authors install it; k3s: the same in one program. Left out: kubeadm.",
        examples=["kubeadm"],
    )
    version: KubernetesRelease = Field(
        description="What the hosts run: a patch of `kubernetes.version`, or of the minor version after it while an "
        "upgrade is under way.",
        examples=["1.36.1"],
    )
    containerd: Version | None = Field(
        None,
        description="With kubeadm: the version of containerd, 2 or later. Left out: one that is known to work. K3s "
        "brings its own.",
        examples=["2.2.0"],
    )
    endpoint: Endpoint = Field(description="Where the API server is reached.")
    balancers: Balancers | None = Field(
        None, description="Addresses for Services of type LoadBalancer. Left out: somebody else gives them."
    )
    packages: Packages | None = Field(None, description="Mirrors of what the hosts fetch. Left out: none.")
    user: LoginName | None = Field(
        None,
        description="As whom Ansible logs in; it may become root. Left out: as its own configuration says.",
        examples=["ansible"],
    )
    hosts: dict[Annotated[str, HostName], Host] = Field(
        min_length=1, description="The hosts, by the names that their nodes get."
    )

    def breaches(self) -> Iterator[Breach]:
        """The version is the distribution's; control planes are odd; addresses and cards are one host's each."""
        yield from self._break_version()
        yield from self._break_control_plane()
        yield from self._break_addresses()
        yield from self._break_cards()

    def list_control_planes(self) -> list[str]:
        """The hosts with the API server and etcd, by name."""
        return sorted(name for name, host in self.hosts.items() if host.is_control_plane)

    def list_workers(self, pool: str) -> list[str]:
        """The hosts of a pool, by name."""
        return sorted(name for name, host in self.hosts.items() if host.is_worker and host.pool == pool)

    def _break_version(self) -> Iterator[Breach]:
        if (K3S in self.version) != (self.distribution == "k3s"):
            example = f"{self.version}{K3S}1" if self.distribution == "k3s" else self.version.partition(K3S)[0]
            yield Breach(("version",), f"is no version of {self.distribution}", f"such as {example}")
        if self.containerd is not None and self.distribution == "k3s":
            yield Breach(("containerd",), "K3s brings a containerd of its own", "no containerd")
        elif self.containerd is not None and CONTAINERD.fullmatch(self.containerd) is None:
            expected = "a whole version of containerd 2, such as 2.2.0"
            yield Breach(("containerd",), "is not one that hosts are configured for", expected, found=self.containerd)
        for field, owner in (("kubernetes", "kubeadm"), ("containerd", "kubeadm"), ("k3s", "k3s")):
            if getattr(self.packages, field, None) is not None and owner != self.distribution:
                yield Breach(("packages", field), f"is fetched by {owner} alone", "no mirror of it")

    def _break_control_plane(self) -> Iterator[Breach]:
        count = len(self.list_control_planes())
        if count == 0:
            expected = "1, 3 or 5 hosts with roles: [control-plane]"
            yield Breach(("hosts",), "no host has the role control-plane", expected, found="none")
        elif count % 2 == 0:
            yield Breach(
                ("hosts",),
                f"{count} hosts have the role control-plane: etcd needs more than half of them, so that an even "
                "number bears no more losses than one less",
                "an odd number of them",
                found=", ".join(self.list_control_planes()),
            )

    def _break_addresses(self) -> Iterator[Breach]:
        owners = {str(self.endpoint.address): "the API server"} if self.endpoint.address is not None else {}
        for name, host in self.hosts.items():
            owner = owners.setdefault(str(host.address), str(name))
            if owner != name:
                yield Breach(("hosts", name, "address"), f"is {owner}'s already", "an address of its own")

    def _break_cards(self) -> Iterator[Breach]:
        owners: dict[str, str] = {}
        for name, host in self.hosts.items():
            for key, interface in host.interfaces.items():
                place = f"{key} of {name}"
                if interface.mac is not None and (owner := owners.setdefault(interface.mac, place)) != place:
                    path = ("hosts", name, "interfaces", key, "mac")
                    yield Breach(path, f"is that of {owner}: a card has an address of its own", "another card's")
