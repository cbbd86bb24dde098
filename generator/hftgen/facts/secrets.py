"""Secrets: where they lie in the backend, and the ExternalSecrets that bring them into the namespace.

Nothing secret is ever rendered; here are names and paths only.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hftgen.facts.configuration import list_containers
from hftgen.facts.defaults import count_desired
from hftgen.facts.names import name_scoped, name_shards
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.spec.container import Secret
from hftgen.spec.service import Service

STORE = "secrets"
ORDINAL = "{ordinal}"

# The service account by which the store logs in to the backend.
READER = "secret-reader"


def name_remote(site: Site, ref: str) -> str:
    """Where a ref lies in the backend: below path and environment, in letters that the backend allows in a name."""
    section = site.environment.secrets
    if section is None:
        raise ValueError("the environment has no secrets")
    path = f"{section.path or site.project}/{site.environment.environment}/{ref}"
    if section.backend == "gcp-secret-manager":
        return re.sub(r"[^A-Za-z0-9_-]", "-", path)
    if section.backend == "azure-key-vault":
        return re.sub(r"[^A-Za-z0-9-]", "-", path)
    return path


def is_sharded(secret: Secret) -> bool:
    """Whether each ordinal has one of its own."""
    return ORDINAL in secret.ref


def name_shard_key(name: str, ordinal: int | str) -> str:
    """The key of one shard's secret in the Secret of all shards."""
    return f"{name}-{ordinal}"


def describe_external_secrets(site: Site, name: str, service: Service) -> Iterator[Record]:
    """A Secret for each container, and one with a key for each shard. Nothing without a section `secrets`."""
    if site.environment.secrets is None:
        return
    shards: list[Facts] = []
    for owner, container in list_containers(name, service).items():
        secrets = sorted(container.secrets.items())
        common = [_describe_entry(site, key, secret) for key, secret in secrets if not is_sharded(secret)]
        if common:
            yield describe_external_secret(site, owner, name, common)
        shards += [
            _describe_entry(site, name_shard_key(key, ordinal), secret, ordinal)
            for key, secret in secrets
            if is_sharded(secret)
            for ordinal in range(count_desired(service))
        ]
    if shards:
        yield describe_external_secret(site, name_shards(name), name, shards)


def describe_external_secret(site: Site, name: str, part: str, data: list[Facts], **facts: Any) -> Record:
    """One ExternalSecret; its entries are `{secretKey, key, property}`."""
    section = site.environment.secrets
    refresh = str(section.refresh) if section else None
    return describe(site, "ExternalSecret", name, part, store=STORE, refresh=refresh, data=data, **facts)


def _describe_entry(site: Site, key: str, secret: Secret, ordinal: int | None = None) -> Facts:
    ref = secret.ref.replace(ORDINAL, str(ordinal))
    return {"secretKey": key, "key": name_remote(site, ref), "property": str(secret.key)}


def describe_store(site: Site) -> Iterator[Record]:
    """The namespace's SecretStore and the service account by which it logs in."""
    section = site.environment.secrets
    if section is None:
        return
    backend = section.backend
    provider = PROVIDERS[backend](site)
    annotations = {}
    if backend == "aws-secrets-manager" and site.cluster.account is not None:
        # A fixed name: no manifest may need what a cloud makes up.
        role = name_scoped(site.project, site.environment.environment, "secrets")
        annotations["eks.amazonaws.com/role-arn"] = f"arn:aws:iam::{site.cluster.account}:role/{role}"
    yield describe(site, "ServiceAccount", READER, "platform", annotations=annotations)
    yield describe(site, "SecretStore", STORE, "platform", backend=backend, account=READER, provider=provider)


def _describe_vault(site: Site) -> Facts:
    section = site.environment.secrets
    vault = section.vault if section else None
    if vault is None:
        return {}
    return {
        "address": str(vault.address),
        "mount": str(vault.mount),
        "authMount": vault.authMount.replace("{cluster}", site.name),
        "audience": str(vault.audience),
        "role": name_scoped(site.project, site.environment.environment),
        **({} if vault.namespace is None else {"namespace": str(vault.namespace)}),
    }


def _describe_aws(site: Site) -> Facts:
    return {"region": site.cluster.region}


def _describe_gcp(site: Site) -> Facts:
    return {"account": site.cluster.account}


def _describe_azure(site: Site) -> Facts:
    # A vault's name is global and has at most 24 characters.
    vault = name_scoped(site.project, site.environment.environment)[:24].rstrip("-")
    return {"address": f"https://{vault}.vault.azure.net"}


PROVIDERS: Mapping[str, Any] = {
    "vault": _describe_vault,
    "aws-secrets-manager": _describe_aws,
    "gcp-secret-manager": _describe_gcp,
    "azure-key-vault": _describe_azure,
}
