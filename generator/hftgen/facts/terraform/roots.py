"""Root modules: what each calls, with which variables, where its state lies, and which versions it is pinned to.

A root module has a state of its own, so that no mistake reaches everything:

- `bootstrap`: buckets of state, and the trust in CI; its own state is a local file, since no bucket is there yet
- `shared`: what belongs to an account as a whole
- `network`, `cluster` and `data` of each cluster

The last three call one module and have its variables. The first two call one for each bucket or account; their
variables are one object a call, whose fields the module types and validates.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.terraform.clouds import CLOUDS
from hftgen.facts.terraform.common import Surroundings, owns_accounts
from hftgen.facts.terraform.login import describe_login
from hftgen.facts.terraform.types import describe_type

# What the clouds call an account.
ACCOUNTS = {"aws": "the AWS account", "gcp": "the Google Cloud project", "azure": "the Azure subscription"}

# The arguments of backends that name a bucket.
BUCKETS = ("storage_account_name", "container_name", "bucket")


class Call(NamedTuple):
    """A call of a module: its folder, the cluster whose login it uses, and its variables."""

    module: str
    site: Site
    variables: Facts


def derive_environment(sites: Sequence[Site]) -> Facts:
    """`{clouds, accounts, owns, trusts, bootstrap, shared}`: whose modules are used, what all clusters have together.

    `accounts` are in words, `owns` what no other environment may make (`_list_owned`); `trusts` says whether any
    account trusts CI. A root module that has nothing to do is left out; both are where nothing is provisioned.
    """
    made = [site for site in sites if is_provisioned(site)]
    accounts = _group(made, lambda site: (site.cluster.cloud, str(site.cluster.account)))
    trusts = list(_list_trusts(accounts))
    roots: Facts = {
        "clouds": sorted({site.cluster.cloud for site in made}),
        "accounts": [_tell_account(same[0]) for same in accounts],
        "owns": _list_owned(made),
        "trusts": bool(trusts),
    }
    if calls := [*_list_states(made), *trusts]:
        roots["bootstrap"] = _describe_calls(calls, {"local": {"path": "terraform.tfstate"}})
    if calls := list(_list_shared(accounts)):
        home = _put_primaries_first(made)[0]
        roots["shared"] = _describe_calls(calls, CLOUDS[home.cluster.cloud].derivation.derive_backend(home, "shared"))
    return roots


def derive_cluster(site: Site, around: Surroundings) -> Facts | None:
    """`{network, cluster, data}`, the root modules of one cluster, or None where Terraform has no part.

    `cluster` has `login` (login.describe_login).
    """
    if not is_provisioned(site):
        return None
    derivation = CLOUDS[site.cluster.cloud].derivation
    variables = derivation.derive_cluster(site, around)
    return {
        "network": _describe_call(site, "network", derivation.derive_network(site)),
        "cluster": {**_describe_call(site, "cluster", variables), "login": describe_login(site, variables)},
        "data": _describe_call(site, "data", derivation.derive_data(site, around)),
    }


def is_provisioned(site: Site) -> bool:
    """Whether Terraform makes the cluster: the spec asks for it, and a cloud runs it."""
    return site.environment.terraform is not None and site.cluster.cloud in CLOUDS


def _list_owned(sites: Sequence[Site]) -> list[list[str]]:
    """`[kind, thing]` of what there can be once at a cloud: `account` where the environment owns it, and `bucket`."""
    owned = {("account", _tell_account(site)) for site in sites if owns_accounts(site)}
    for site in sites:
        backend = CLOUDS[site.cluster.cloud].derivation.derive_backend(site, "")
        (arguments,) = backend.values()
        owned.add(("bucket", "/".join(str(arguments[key]) for key in BUCKETS if key in arguments)))
    return [list(pair) for pair in sorted(owned)]


def _tell_account(site: Site) -> str:
    return f"{ACCOUNTS[site.cluster.cloud]} `{site.cluster.account}`"


def _list_states(sites: Sequence[Site]) -> Iterator[Call]:
    buckets = _group(sites, lambda site: (site.cluster.cloud, str(site.cluster.account), str(site.cluster.state)))
    for same in buckets:
        yield Call("state", same[0], CLOUDS[same[0].cluster.cloud].derivation.derive_state(same[0]))


def _list_trusts(accounts: Sequence[Sequence[Site]]) -> Iterator[Call]:
    for sites in accounts:
        if (variables := CLOUDS[sites[0].cluster.cloud].derivation.derive_trust(sites)) is not None:
            yield Call("trust", sites[0], variables)


def _list_shared(accounts: Sequence[Sequence[Site]]) -> Iterator[Call]:
    for sites in accounts:
        if (variables := CLOUDS[sites[0].cluster.cloud].derivation.derive_shared(sites)) is not None:
            yield Call("shared", sites[0], variables)


def _group(sites: Sequence[Site], key: Callable[[Site], tuple[str, ...]]) -> list[list[Site]]:
    """The sites of one key together, a primary first."""
    groups: dict[tuple[str, ...], list[Site]] = {}
    for site in _put_primaries_first(sites):
        groups.setdefault(key(site), []).append(site)
    return list(groups.values())


def _put_primaries_first(sites: Sequence[Site]) -> list[Site]:
    return sorted(sites, key=lambda site: (site.is_standby, site.name))


def _describe_call(site: Site, module: str, variables: Facts) -> Facts:
    """A root module that calls one module, with that module's own variables."""
    cloud = CLOUDS[site.cluster.cloud]
    arguments = {name: f"${{var.{name}}}" for name in variables}
    return {
        **_describe_versions([site]),
        "backend": cloud.derivation.derive_backend(site, f"{site.name}/{module}"),
        "providers": {cloud.provider: [cloud.derivation.derive_provider(site)]},
        "modules": {module: {"source": f"../../modules/{site.cluster.cloud}/{module}", **arguments}},
        "variables": variables,
    }


def _describe_calls(calls: Sequence[Call], backend: Facts) -> Facts:
    """A root module that calls several, each with the login of its own cluster."""
    sites = {call.site.name: call.site for call in calls}
    providers: dict[str, list[Facts]] = {}
    for site in sites.values():
        cloud = CLOUDS[site.cluster.cloud]
        arguments = cloud.derivation.derive_provider(site) | {"alias": _name_alias(site)}
        providers.setdefault(cloud.provider, []).append(arguments)
    variables = {_name_call(call): call.variables for call in calls}
    return {
        **_describe_versions(list(sites.values())),
        "backend": backend,
        "providers": providers,
        "modules": {_name_call(call): _describe_module(call) for call in calls},
        "variables": variables,
        "declarations": {name: _declare(name, value) for name, value in variables.items()},
    }


def _describe_versions(sites: Sequence[Site]) -> Facts:
    clouds = [CLOUDS[site.cluster.cloud] for site in sites]
    terraform = sites[0].environment.terraform
    assert terraform is not None, "is_provisioned"  # noqa: S101
    return {
        "required": f">= {terraform.version}, < 2.0",
        "pins": {
            cloud.provider: {"source": f"hashicorp/{cloud.provider}", "version": cloud.version} for cloud in clouds
        },
    }


def _describe_module(call: Call) -> Facts:
    cloud = call.site.cluster.cloud
    provider = CLOUDS[cloud].provider
    return {
        "source": f"../modules/{cloud}/{call.module}",
        "providers": {provider: f"{provider}.{_name_alias(call.site)}"},
        **{name: f"${{var.{_name_call(call)}.{name}}}" for name in call.variables},
    }


def _declare(name: str, value: Facts) -> Facts:
    module = name.rpartition("_")[2]
    return {"description": f"What module {module} is told, which validates it.", "type": describe_type(value)}


def _name_call(call: Call) -> str:
    return f"{_name_alias(call.site)}_{call.module}"


def _name_alias(site: Site) -> str:
    """A cluster's name as an identifier; cluster names have no underscore, so that no two meet."""
    return site.name.replace("-", "_")
