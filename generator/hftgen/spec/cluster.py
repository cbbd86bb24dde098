"""`clusters`: where the environment runs."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hftgen.spec.account import Region, expect_account
from hftgen.spec.metal import Metal
from hftgen.spec.network import Network
from hftgen.spec.pool import Pool
from hftgen.spec.section import Breach, RuledSection, Section, repeated
from hftgen.spec.units import Cidr, Line, PoolName


class State(Section):
    """Where Terraform keeps its state; it exists before."""

    bucket: Line = Field(
        description="The bucket's name; on Azure the container's.", examples=["hft-trading-production-tfstate"]
    )
    region: Region | None = Field(
        None, description="The bucket's region. Left out: the cluster's.", examples=["us-east-1"]
    )
    storageAccount: Line | None = Field(
        None,
        description="On Azure: the storage account that holds the container. Left out: `bucket`, where that "
        "could be one, else a name of project, environment and a hash.",
        examples=["hfttradingtfstate"],
    )
    resourceGroup: Line | None = Field(
        None,
        description="On Azure: the storage account's resource group. Left out: "
        "<project>-<environment>-<cluster>-tfstate.",
        examples=["hft-trading-tfstate"],
    )


class Access(Section):
    """Who reaches the cluster's API."""

    cidrs: tuple[Cidr, ...] = Field(
        (),
        description="Networks that reach the API server. Left out: only the cluster's own.",
        examples=[["192.0.2.0/24"]],
    )
    admins: tuple[Line, ...] = Field(
        (),
        description="Groups or roles with full rights; on Azure the object ids of Entra groups.",
        examples=[["platform-oncall"]],
    )


class Cluster(RuledSection):
    """One cluster."""

    role: Literal["primary", "standby"] = Field(
        "primary",
        description="standby: nothing there trades before a failover. Left out: primary.",
        examples=["primary"],
    )
    cloud: Literal["aws", "gcp", "azure", "metal", "kind"] = Field(description="Who runs it.", examples=["aws"])
    account: Line | None = Field(
        None, description="AWS account, Google Cloud project or Azure subscription.", examples=["111122223333"]
    )
    region: Line | None = Field(None, description="The cloud's region.", examples=["us-east-1"])
    zones: tuple[Line, ...] = Field(
        (), description="The region's zones that are used.", examples=[["us-east-1a", "us-east-1b"]]
    )
    state: State | None = Field(None, description="Where Terraform keeps its state.")
    access: Access | None = Field(None, description="Who reaches the cluster's API.")
    network: Network | None = Field(None, description="Addresses, venues and connections.")
    pools: dict[Annotated[str, PoolName], Pool] = Field(
        default_factory=dict, description="Node pools by name; without any, capacity is not checked."
    )
    metal: Metal | None = Field(
        None,
        description="With `cloud: metal`: its hosts, which Ansible makes a cluster. Left out: somebody else does.",
    )

    def breaches(self) -> Iterator[Breach]:
        """The account has its cloud's form; zones are named once; pools lie in them; AKS' names are short."""
        for index in repeated(list(self.zones)):
            yield Breach(("zones", index), "is named twice")
        if self.account and (words := expect_account(self.cloud, self.account)):
            yield Breach(("account",), f"is not {words}", words)
        if self.metal is not None and self.cloud != "metal":
            yield Breach(("metal",), f"is for `cloud: metal`, and this cluster runs on {self.cloud}", "cloud: metal")
        yield from self._break_pools()

    def _break_pools(self) -> Iterator[Breach]:
        for name, pool in self.pools.items():
            for index, zone in enumerate(pool.zones):
                if self.zones and zone not in self.zones:
                    yield Breach(
                        ("pools", name, "zones", index), "is no zone of the cluster", f"one of {', '.join(self.zones)}"
                    )
            if self.cloud == "azure" and not re.fullmatch(r"[a-z][a-z0-9]{0,11}", name):
                yield Breach(
                    ("pools", name),
                    f"AKS cannot name a node pool {name}",
                    "at most 12 lower-case letters and digits",
                    found=name,
                )
