"""`secrets`: where secrets are kept."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.identity import Identity, Uuid
from hftgen.spec.section import Breach, RuledSection, Section
from hftgen.spec.units import Line, PositiveSeconds, SecretRef, Url


class Vault(Section):
    """HashiCorp Vault, or OpenBao."""

    address: Url = Field(description="Where Vault answers.", examples=["https://vault.example.com:8200"])
    mount: Line = Field(Line("secret"), description="The KV version 2 mount. Left out: secret.", examples=["secret"])
    authMount: Line = Field(
        Line("kubernetes"),
        description="The mount of Kubernetes authentication; {cluster} is the cluster's name. Left out: kubernetes.",
        examples=["kubernetes-{cluster}"],
    )
    audience: Line = Field(
        Line("vault"), description="The audience of the tokens. Left out: vault.", examples=["vault"]
    )
    namespace: Line | None = Field(None, description="Vault's namespace. Left out: none.", examples=["trading"])


class Secrets(RuledSection):
    """Where secrets are kept, and how often they are read."""

    backend: Literal["vault", "aws-secrets-manager", "gcp-secret-manager", "azure-key-vault"] = Field(
        description="What keeps them.", examples=["vault"]
    )
    path: SecretRef | None = Field(
        None,
        description="Services' refs lie below path/environment. Left out: the project's name.",
        examples=["hft-trading"],
    )
    refresh: PositiveSeconds = Field(
        PositiveSeconds("1h"), description="Whole seconds between two reads. Left out: 1h.", examples=["1h"]
    )
    vault: Vault | None = Field(None, description="For backend vault: where and how.")
    account: Line | None = Field(
        None,
        description="The AWS account or Google Cloud project that keeps them. "
        "Left out: that of the cluster, else of the first one in that cloud.",
        examples=["111122223333"],
    )
    region: Line | None = Field(
        None, description="The AWS region that keeps them. Left out: as for account.", examples=["us-east-1"]
    )
    identity: Identity | None = Field(
        None,
        description="Who reads them, to the cloud. Left out: on AWS the role <project>-<environment>-secrets, on "
        "Google Cloud the service account's own federated identity; Azure's client id must be said.",
    )
    tenant: Uuid | None = Field(
        None, description="For backend azure-key-vault: the Entra tenant.", examples=list(Uuid.examples)
    )

    def breaches(self) -> Iterator[Breach]:
        """Backend vault has a `vault`; the path is one for the whole environment."""
        if self.backend == "vault" and self.vault is None:
            yield Breach(("vault",), "is missing: the backend is vault", "address, mount, authMount, audience")
        if self.path and "{" in self.path:
            yield Breach(("path",), "is one for the whole environment", "a path without {ordinal}")
