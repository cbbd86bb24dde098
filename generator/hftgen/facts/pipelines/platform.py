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
    `logins` the variables that say as whom, by verb; `after` names the roots that it stands on. `branches_only`: its
    accounts know the branches of GitLab by whole names alone, and therefore no merge request's.
    """

    name: str
    environment: str
    folder: str
    modules: str
    clouds: tuple[str, ...]
    logins: Mapping[str, Mapping[str, str]]
    after: tuple[str, ...]
    branches_only: bool

    def describe(self) -> Facts:
        """As plain JSON, for templates."""
        return self._asdict() | {
            "clouds": list(self.clouds),
            "after": list(self.after),
            "logins": {verb: dict(said) for verb, said in self.logins.items()},
        }


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
    logins: dict[str, dict[str, str]] = {"plan": {}, "apply": {}}
    for cluster in clusters:
        for verb, found in logins.items():
            found.update(_find_login(context, cluster, verb))
    modules = f"{RENDERED}/{environment}/terraform/modules"
    branches_only = "azure" in clouds and _knows_branches(context)
    return Root(name, environment, folder, modules, clouds, logins, after, branches_only)


def _knows_branches(context: Facts) -> bool:
    """Whether all who plan are named by a branch, as GitLab does it unless told otherwise."""
    oidc = (context.get("ci") or {}).get("oidc") or {}
    return all(":ref_type:branch:ref:" in subject for subject in oidc.get("plan") or oidc.get("subjects") or [""])


def _find_login(context: Facts, cluster: Facts, verb: str) -> dict[str, str]:
    """Whom a job acts as in a cluster's account, as variables: what the module `trust` calls the one for this verb.

    Nothing where CI is not trusted, and where only the cloud knows the name (Azure's client ids).
    """
    bootstrap = (context["terraform"].get("bootstrap") or {}).get("variables") or {}
    account = str(cluster["account"])
    trusts = [each for name, each in sorted(bootstrap.items()) if name.endswith("_trust")]
    for trust in trusts:
        if cluster["cloud"] == "aws" and trust.get("account") == account and "partition" in trust:
            return {"AWS_ROLE_ARN": f"arn:{trust['partition']}:iam::{account}:role/{trust['prefix']}-ci-{verb}"}
        if cluster["cloud"] == "gcp" and trust.get("account") == account and "planner" in trust:
            name = trust["planner" if verb == "plan" else "applier"]
            return {"GOOGLE_ACCOUNT": f"{name}@{account}.iam.gserviceaccount.com"}
    return {}


def _name_cloud(provider: str) -> str:
    return {"google": "gcp", "azurerm": "azure"}.get(provider, provider)
