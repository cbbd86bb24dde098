"""The pipeline of the specs' repository: what is rendered belongs to them; Terraform's plans are applied as seen."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hftgen.facts.names import RENDERED
from hftgen.facts.record import Facts

ORDER = ("shared", "network", "cluster", "data")
"""Root modules in the order of their dependence. `bootstrap` is a person's: its state is where it was run."""


class Root(NamedTuple):
    """A root module of Terraform that pipelines plan and apply.

    `folder` is below the repository's root, `modules` holds what it calls; `clouds` are those that it logs in to,
    `roles` those of AWS by verb; `after` names the roots that it stands on.
    """

    name: str
    environment: str
    folder: str
    modules: str
    clouds: tuple[str, ...]
    roles: Mapping[str, str]
    after: tuple[str, ...]

    def describe(self) -> Facts:
        """As plain JSON, for templates."""
        return self._asdict() | {"clouds": list(self.clouds), "after": list(self.after), "roles": dict(self.roles)}


def list_roots(contexts: Mapping[str, Facts]) -> list[Root]:
    """The root modules of all environments, each after those it stands on."""
    return [root for name, context in sorted(contexts.items()) for root in _list_environment(name, context)]


def _list_environment(environment: str, context: Facts) -> Iterator[Root]:
    terraform = context.get("terraform") or {}
    base = f"{RENDERED}/{environment}/terraform"
    accounts = {name: cluster for name, cluster in context["clusters"].items() if cluster.get("terraform")}
    shared: tuple[str, ...] = ()
    if "shared" in terraform:
        clouds = {_name_cloud(provider) for provider in terraform["shared"]["providers"]}
        owners = [cluster for cluster in accounts.values() if cluster["cloud"] in clouds]
        shared = (f"{environment}/shared",)
        yield _make_root(context, shared[0], f"{base}/shared", owners, ())
    for name, cluster in sorted(accounts.items()):
        before = shared
        for root in ORDER[1:]:
            label = f"{environment}/{name}/{root}"
            yield _make_root(context, label, f"{base}/{name}/{root}", [cluster], before)
            before = (label,)


def _make_root(context: Facts, name: str, folder: str, clusters: list[Facts], after: tuple[str, ...]) -> Root:
    environment = str(context["environment"])
    clouds = tuple(sorted({cluster["cloud"] for cluster in clusters}))
    accounts = sorted({str(cluster["account"]) for cluster in clusters if cluster["cloud"] == "aws"})
    regions = [str(cluster["region"]) for cluster in clusters if cluster["cloud"] == "aws"]
    roles = {
        verb: _name_role(accounts[0], regions[0], f"{context['project']}-{environment}-{verb}")
        for verb in ("plan", "apply")
        if accounts
    }
    return Root(name, environment, folder, f"{RENDERED}/{environment}/terraform/modules", clouds, roles, after)


def _name_role(account: str, region: str, name: str) -> str:
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    return f"arn:{partition}:iam::{account}:role/{name}"


def _name_cloud(provider: str) -> str:
    return {"google": "gcp", "azurerm": "azure"}.get(provider, provider)
