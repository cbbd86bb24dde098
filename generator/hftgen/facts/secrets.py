"""Secrets: where they lie in the backend, and the ExternalSecrets that bring them into the namespace.

Nothing secret is ever rendered; here are names and paths only.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hftgen.facts.accounts import IDENTITIES
from hftgen.facts.clouds import find_account, find_region, name_role
from hftgen.facts.configuration import list_containers
from hftgen.facts.defaults import count_desired
from hftgen.facts.names import name_scoped, name_shards, name_vault
from hftgen.facts.record import Facts, Record, describe
from hftgen.facts.site import Site
from hftgen.spec.container import Secret
from hftgen.spec.secrets import Secrets
from hftgen.spec.service import Service

STORE = "secrets"
ORDINAL = "{ordinal}"

# The service account by which the store logs in to the backend.
READER = "secret-reader"

# The clouds that keep secrets themselves, by backend.
CLOUDS = {"aws-secrets-manager": "aws", "gcp-secret-manager": "gcp", "azure-key-vault": "azure"}

# Where an AWS backend is looked for when nobody says.
AWS_REGION = "us-east-1"

TENANT = "azure.workload.identity/tenant-id"


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


def list_keys(name: str, service: Service) -> Iterator[tuple[str, list[str]]]:
    """The Secrets that a service's pods read, and their keys: one a container, and one for all shards."""
    shards: list[str] = []
    for owner, container in list_containers(name, service).items():
        secrets = sorted(container.secrets.items())
        if common := [str(key) for key, secret in secrets if not is_sharded(secret)]:
            yield owner, common
        ordinals = range(count_desired(service))
        shards += [name_shard_key(key, each) for key, secret in secrets if is_sharded(secret) for each in ordinals]
    if shards:
        yield name_shards(name), shards


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
    yield describe(site, "ServiceAccount", READER, "platform", annotations=annotate_reader(site, section))
    yield describe(site, "SecretStore", STORE, "platform", backend=backend, account=READER, provider=provider)


def explain_login(site: Site) -> str | None:
    """Why the store of this site cannot log in to its backend; None where nothing is known to be missing."""
    section = site.environment.secrets
    cloud = CLOUDS.get(section.backend) if section is not None else None
    if section is None or cloud is None:
        return None
    said = getattr(section.identity, cloud, None)
    if cloud == "azure":
        missing = [name for name, value in (("identity.azure", said), ("tenant", section.tenant)) if value is None]
        return f"Azure needs {' and '.join(missing)}" if missing else None
    if said is None and section.account is None and find_account(site, cloud) is None:
        return f"no cluster of {cloud} says the account that keeps the secrets"
    if cloud == "gcp" and site.cluster.cloud != "gcp":
        return "Google's Secret Manager takes service accounts of its own clusters only"
    return None


def annotate_reader(site: Site, section: Secrets) -> dict[str, str]:
    """Who the reader is to the cloud. On Google Cloud its own federated identity does; Vault asks Kubernetes."""
    cloud = CLOUDS.get(section.backend)
    if cloud is None:
        return {}
    said = getattr(section.identity, cloud, None)
    account = section.account or find_account(site, "aws")
    if said is None and cloud == "aws" and account is not None:
        role = name_scoped(site.project, site.environment.environment, "secrets")
        said = name_role(str(account), section.region or find_region(site, "aws"), role)
    annotations = {} if said is None else {IDENTITIES[cloud]: str(said)}
    if cloud == "azure" and section.tenant is not None:
        annotations[TENANT] = str(section.tenant)
    return annotations


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
    section = site.environment.secrets
    return {"region": str((section.region if section else None) or find_region(site, "aws") or AWS_REGION)}


def _describe_gcp(site: Site) -> Facts:
    section = site.environment.secrets
    account = (section.account if section else None) or find_account(site, "gcp")
    # Left out, the store asks the metadata server of its own cluster for the project.
    return {} if account is None else {"account": str(account)}


def _describe_azure(site: Site) -> Facts:
    return {"address": f"https://{name_vault(site.project, site.environment.environment)}.vault.azure.net"}


PROVIDERS: Mapping[str, Any] = {
    "vault": _describe_vault,
    "aws-secrets-manager": _describe_aws,
    "gcp-secret-manager": _describe_gcp,
    "azure-key-vault": _describe_azure,
}
