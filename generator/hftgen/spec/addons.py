"""`addons`: what the services need in a cluster besides Kubernetes."""

from collections.abc import Iterator

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection
from hftgen.spec.units import Boolean, Name, ResourceName, Version


class Addon(RuledSection):
    """One add-on of every cluster."""

    version: Version | None = Field(
        None, description="The version installed; needed where it is managed here.", examples=["1.9.1"]
    )
    chart: Version | None = Field(
        None,
        description="The version of its charts. Left out: the one that data/addons.yaml has for `version`.",
        examples=["2.41.1"],
    )
    namespace: Name | None = Field(
        None, description="Where it runs. Left out: the add-on's usual namespace.", examples=["argo-rollouts"]
    )
    manage: Boolean = Field(
        default=True,
        description="Whether it is installed from here; false: somebody else does. Left out: true.",
        examples=[True],
    )
    controller: Name | None = Field(
        None, description="For `gateway`: the implementation of the Gateway API.", examples=["istio"]
    )
    issuer: ResourceName | None = Field(
        None,
        description="For `cert-manager`: a ClusterIssuer that somebody else made. Left out: one by ACME for hosts in "
        "`dns.zone`.",
        examples=["trading-ca"],
    )

    def breaches(self) -> Iterator[Breach]:
        """What is installed from here has a version."""
        if self.manage and self.version is None:
            yield Breach(
                ("version",), "is missing: what is installed from here has one version", "a version", "or manage: false"
            )
