"""`secrets`: where secrets are kept."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hftgen.spec.account import Region, expect_account
from hftgen.spec.identity import Identity, Uuid
from hftgen.spec.section import Breach, RuledSection, Section
from hftgen.spec.units import Line, PositiveSeconds, SecretRef, Url
from hftgen.spec.units.text import Grammar


class VaultPath(Grammar):
    """A path of Vault: of a mount or a namespace. Pipelines have it among their variables."""

    __slots__ = ()
    words = "a path of letters, digits, '.', '_' and '-' with / between its parts"
    pattern = r"^(?!.*(^|/)\.\.?(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?$"
    examples = ("secret",)


class MountPath(VaultPath):
    """The same, once for each cluster."""

    __slots__ = ()
    words = "a path of letters, digits, '.', '_' and '-' with / between its parts; {cluster} is the cluster's name"
    pattern = r"^(?!.*(^|/)\.\.?(/|$))([A-Za-z0-9._-]|\{cluster\})+(/([A-Za-z0-9._-]|\{cluster\})+)*/?$"
    examples = ("kubernetes-{cluster}",)


class Audience(Grammar):
    """Whom a token is for: a word, or an address."""

    __slots__ = ()
    words = "a word or an address of letters, digits and ._:/@-"
    pattern = r"^[A-Za-z0-9][A-Za-z0-9._:/@-]*$"
    examples = ("vault",)


class Vault(Section):
    """HashiCorp Vault, or OpenBao."""

    address: Url = Field(description="Where Vault answers.", examples=["https://vault.example.com:8200"])
    mount: VaultPath = Field(
        VaultPath("secret"), description="The KV version 2 mount. Left out: secret.", examples=["secret"]
    )
    authMount: MountPath = Field(
        MountPath("kubernetes"),
        description="The mount of Kubernetes authentication; {cluster} is the cluster's name. Left out: kubernetes.",
        examples=["kubernetes-{cluster}"],
    )
    audience: Audience = Field(
        Audience("vault"), description="The audience of the tokens. Left out: vault.", examples=["vault"]
    )
    namespace: VaultPath | None = Field(None, description="Vault's namespace. Left out: none.", examples=["trading"])


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
    region: Region | None = Field(
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
        """Backend vault has a `vault`; the path is one for the whole environment; the account has its cloud's form."""
        if self.backend == "vault" and self.vault is None:
            yield Breach(("vault",), "is missing: the backend is vault", "address, mount, authMount, audience")
        if self.path and "{" in self.path:
            yield Breach(("path",), "is one for the whole environment", "a path without {ordinal}")
        cloud = self.backend.partition("-")[0]
        if self.account and (words := expect_account(cloud, self.account)):
            yield Breach(("account",), f"is not {words}", words)
