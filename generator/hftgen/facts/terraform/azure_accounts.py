"""Service accounts that are somebody to Azure: their identities, and the client ids that the manifests name.

Azure makes up an identity's client id. The spec says it where pods need it; before it is known it is all zeros.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hftgen.facts.addons import find_namespace
from hftgen.facts.certificates import MANAGER
from hftgen.facts.record import Facts
from hftgen.facts.secrets import READER
from hftgen.facts.site import Site
from hftgen.facts.terraform.azure_names import find_resource, name_identity, name_shared_group
from hftgen.spec.units import ServiceName

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NOBODY = "00000000-0000-0000-0000-000000000000"


class Account(NamedTuple):
    """A service account, the name of its identity, and the client id that the spec says; None where it is not known."""

    account: str
    namespace: str
    identity: str
    client_id: str | None


def list_accounts(site: Site) -> Iterator[Account]:
    """The service accounts of a cluster on Azure."""
    secrets = site.environment.secrets
    if secrets is not None and secrets.backend == "azure-key-vault" and secrets.identity and secrets.identity.azure:
        yield Account(READER, site.namespace, name_identity(site, READER), _know(secrets.identity.azure))
    dns = site.environment.dns
    if dns is not None and dns.provider == "azure" and dns.identity is not None and site.addon(MANAGER) is not None:
        yield Account(MANAGER, find_namespace(site, MANAGER), name_identity(site, MANAGER), _know(dns.identity))
    for name, service in sorted(site.services.items()):
        said = service.identity.azure if service.identity is not None else None
        if said is not None:
            identity = name_identity(site, str(name), own=_differs(site, str(name), str(said)))
            yield Account(str(name), site.namespace, identity, _know(said))


def describe_identities(sites: Sequence[Site]) -> Facts:
    """`{identity: {client_id}}` of clusters that share a subscription."""
    found = {account.identity: account.client_id for site in sites for account in list_accounts(site)}
    return {identity: {"client_id": client} for identity, client in sorted(found.items())}


def describe_accounts(site: Site) -> Facts:
    """`{service account: {namespace, account, identity_id}}` of one cluster."""
    return {
        each.account: {
            "namespace": each.namespace,
            "account": each.account,
            "identity_id": find_resource(
                site, name_shared_group(site), f"Microsoft.ManagedIdentity/userAssignedIdentities/{each.identity}"
            ),
        }
        for each in list_accounts(site)
    }


def _differs(site: Site, name: str, said: str) -> bool:
    """Whether the cluster overrides the client id: then it has an identity of its own."""
    common = site.environment.services[ServiceName(name)].identity
    return common is None or str(common.azure) != said


def _know(client: str) -> str | None:
    return None if str(client) == NOBODY else str(client).lower()


def list_admins(site: Site) -> tuple[list[str], list[str]]:
    """Who administers the cluster: Entra's groups by object ids, and those that the spec calls by names alone."""
    said = [str(admin) for admin in site.cluster.access.admins] if site.cluster.access is not None else []
    ids = [admin.lower() for admin in said if UUID.fullmatch(admin)]
    return ids, [admin for admin in said if not UUID.fullmatch(admin)]
