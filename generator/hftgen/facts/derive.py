"""The context of templates: the resolved spec of one environment and the facts that follow from it, as plain JSON.

The resolved spec in long form (what it leaves out is left out), and beside it:

- `kubernetes.namespace`, `addons.*.namespace`, `secrets.path`: said even where the spec leaves them out
- `services.<name>` has `name`; `clusters.<name>` has `name` and `services` with that cluster's overrides; their
  `pools.<name>` has `name`, and `node` (nodes.NodeFacts)
- `parts.<part>.<file>`: records of the base of `platform`, `datastores` and each service, by file
- `clusters.<name>.parts.<part>`: `{base, files, images, replicas}`, that cluster's overlay (parts.divide)
- `clusters.<name>.kinds`: `{cluster, namespaced, namespaces}` that are rendered there (parts.list_kinds)
- `clusters.<name>.addons`: Applications of the add-ons that are installed from here (charts.describe_addons)
- `chart`: values of the Helm chart by cluster (chart.derive_chart)
- `patches`: every patch, and what it might mean (patches.list_patches); the records that it means have it
- `runbooks.<service>`: how it is released, drained and brought back (runbooks.derive_runbooks)
- `build`: beside the spec's fields what builds.describe_build says
- `images`: every image that services run, `{reference, repository, tag, digest}`
- `ci`: images and actions that pipelines use, pinned (pipelines.tools)
- `services.<name>.recipe`: how its image is built (recipes.derive_recipes); `local`: the platform on one machine
  (local.platform.derive_local), both from the first cluster
- `clusters.<name>.kind`, `clusters.<name>.rack`: a kind cluster's, and how one of hosts begins (kind, racks)
- `clusters.<name>.edges`: what people make around it (edges.describe_edges)
- `argocd`, `clusters.<name>.argocd`: see gitops and delivery
- `inventory`, `clusters.<name>.ansible`: hosts on metal, and images for EKS (ansible)
- `terraform` (beside `version`), `clusters.<name>.terraform`: root modules (terraform.roots)
"""

from typing import Any

from hftgen.calendars import Calendars
from hftgen.facts.addons import find_namespace
from hftgen.facts.ansible import derive_ansible, derive_inventory
from hftgen.facts.builds import describe_build
from hftgen.facts.chart import derive_chart
from hftgen.facts.chart_needs import describe_needs
from hftgen.facts.charts import Parts, describe_addons
from hftgen.facts.delivery import describe_delivery
from hftgen.facts.edges import describe_edges
from hftgen.facts.freezes import Freezes, compute_freezes
from hftgen.facts.gitops import derive_cluster as derive_argocd_cluster
from hftgen.facts.gitops import derive_environment as derive_argocd
from hftgen.facts.images import split_image
from hftgen.facts.kind import describe_kind
from hftgen.facts.local.platform import derive_local
from hftgen.facts.maintenance import derive_maintenance
from hftgen.facts.needs import refuse_missing
from hftgen.facts.nodes import describe_node
from hftgen.facts.parts import divide, list_kinds, list_records, list_service_images
from hftgen.facts.patches import list_patches
from hftgen.facts.pipelines.tools import describe_tools
from hftgen.facts.racks import describe_start
from hftgen.facts.recipes import derive_recipes
from hftgen.facts.record import Facts
from hftgen.facts.runbooks import derive_runbooks
from hftgen.facts.site import Site
from hftgen.facts.terraform import roots
from hftgen.facts.terraform.common import Surroundings
from hftgen.spec.load import Loaded


def derive(loaded: Loaded, calendars: Calendars) -> Facts:
    """`env` of one environment. `calendars` give sessions for freeze windows."""
    environment = loaded.environment
    context = _dump(environment)
    sites = list_sites(loaded)
    bases, overlays = divide(sites)
    refuse_missing(loaded, [(site, list_records(overlays[site.name], bases)) for site in sites])
    _complete(context, sites[0])
    if "terraform" in context:
        context["terraform"] |= roots.derive_environment(sites)
    context["argocd"] = derive_argocd(context)
    context["parts"] = bases
    context["patches"] = list_patches(sites, bases, overlays)
    context["images"] = _list_images(sites)
    context["runbooks"] = derive_runbooks(sites)
    context["services"] = _complete_services(context["services"], sites[0])
    context["local"] = derive_local(sites[0])
    context["chart"] = derive_chart(overlays, bases, {site.name: site.cluster.role for site in sites})
    if (inventory := derive_inventory(sites)) is not None:
        context["inventory"] = inventory
    freezes = compute_freezes(loaded, calendars)
    for site in sites:
        _complete_cluster(context, site, overlays[site.name], freezes)
        maintenance = derive_maintenance(site, freezes)
        terraform = roots.derive_cluster(site, Surroundings(sites, maintenance))
        ansible = derive_ansible(site, freezes, maintenance)
        window = maintenance.describe() if maintenance is not None else None
        made = {"terraform": terraform, "ansible": ansible, "maintenance": window}
        context["clusters"][site.name] |= {tool: facts for tool, facts in made.items() if facts is not None}
    return context


def _complete_cluster(context: Facts, site: Site, overlay: dict[str, Facts], freezes: Freezes) -> None:
    """Adds to a cluster of the context what `derive` says of it."""
    cluster = context["clusters"][site.name]
    cluster["pools"] = {
        pool: {"name": pool, **fields, "node": describe_node(site, pool).dump()}
        for pool, fields in cluster["pools"].items()
    }
    cluster |= {"name": site.name, "services": _list_services(site), "parts": overlay}
    cluster["argocd"] = derive_argocd_cluster(context, site.name, cluster["services"], freezes)
    _add_delivery(context, site, list_records(overlay, context["parts"]), freezes)
    cluster["edges"] = describe_edges(site)
    made = {"kind": describe_kind(site, list_records(overlay, context["parts"])), "rack": describe_start(site)}
    cluster |= {name: facts for name, facts in made.items() if facts is not None}


def _complete_services(services: Facts, site: Site) -> Facts:
    recipes = {name: {"recipe": recipe} for name, recipe in derive_recipes(site).items()}
    return {name: {"name": name, **service, **recipes.get(name, {})} for name, service in services.items()}


def list_sites(loaded: Loaded) -> list[Site]:
    """The environment on each of its clusters, by their names."""
    return [
        Site(loaded.environment, str(name), loaded.services[name], loaded.files, loaded.tables)
        for name in sorted(loaded.environment.clusters)
    ]


def _complete(context: Facts, site: Site) -> None:
    """Says what the spec may leave out and every template needs."""
    context["kubernetes"]["namespace"] = site.namespace
    for name, addon in context["addons"].items():
        addon["namespace"] = find_namespace(site, name)
    if "secrets" in context:
        context["secrets"].setdefault("path", site.project)
    if (build := site.environment.build) is not None:
        context["build"] |= describe_build(site.project, build, site.environment.services.values())
    if site.environment.ci is not None:
        context["ci"] |= describe_tools(site)


def _add_delivery(context: Facts, site: Site, parts: Parts, freezes: Freezes) -> None:
    """What a cluster is sent and by what: kinds, add-ons, and the rest of its Argo CD."""
    cluster = context["clusters"][site.name]
    cluster["kinds"] = list_kinds(parts)
    context["chart"]["needs"][site.name] = describe_needs(site, parts)
    cluster["addons"] = describe_addons(site, parts)
    cluster["argocd"] |= describe_delivery(site, parts, context)
    names = [application["name"] for addon in cluster["addons"].values() for application in addon["applications"]]
    cluster["argocd"]["addonWindows"] = freezes.derive_windows(dict.fromkeys(names, freezes.list_causes(None)))


def _list_services(site: Site) -> Facts:
    return {name: {"name": name, **_dump(service)} for name, service in sorted(site.services.items())}


def _list_images(sites: list[Site]) -> list[Facts]:
    """Every image that services run anywhere, once."""
    references = {
        reference
        for site in sites
        for name, service in site.services.items()
        for _, reference in list_service_images(name, service)
    }
    return [{"reference": reference, **split_image(reference)} for reference in sorted(references)]


def _dump(model: Any) -> Facts:
    """A section as JSON in long form; what the spec leaves out and has no default is left out."""
    dumped: Facts = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return dumped
