"""All of compose.yaml as facts."""

from collections.abc import Iterator

from hftgen.facts.bases import pin
from hftgen.facts.configuration import list_containers
from hftgen.facts.local.gates import list_waits
from hftgen.facts.local.monitoring import describe_monitoring
from hftgen.facts.local.names import Kept, Names
from hftgen.facts.local.ports import GRAFANA, LOOPBACK, PROMETHEUS, assign_ports
from hftgen.facts.local.services import describe_service
from hftgen.facts.local.stores import describe_store, list_stores
from hftgen.facts.local.variables import Vault, name_variable
from hftgen.facts.recipes import list_built
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.container import Secret

# What asks services whether they are ready.
ASKER = "busybox:1.37.0"

GRAFANA_PASSWORD = name_variable("grafana", "password")


def derive_local(site: Site) -> Facts:
    """`{project, services, datastores, ports, waits, monitoring, asker, loopback, passwords}` of one site.

    `ports` are `{name: [{name, port, published, protocol, variable}]}`; `waits` says whom a service waits for.
    """
    stores = list_stores(site)
    vault = Vault(_list_secrets(site))
    passwords = {*vault.list_all(), *(vault.find_password(name) for name in stores), GRAFANA_PASSWORD}
    known, built = {*site.services, *stores}, list_built(site)
    names, kept = Names(known), Kept(Names(), Names())
    datastores = {name: describe_store(site, name, vault, kept.volumes) for name in sorted(stores)}
    monitoring = _describe_monitoring(site, names, kept.volumes)
    services = {name: describe_service(site, name, vault, built, kept) for name in sorted(site.services)}
    return {
        "project": site.project,
        "environment": str(site.environment.environment),
        "tier": site.environment.tier,
        "services": services,
        "datastores": datastores,
        "ports": assign_ports(site.services, stores),
        "waits": {name: [other for other in others if other in known] for name, others in list_waits(site).items()},
        "monitoring": monitoring,
        "companions": {name: _name_companions(name, facts, names) for name, facts in services.items()},
        "asker": pin(ASKER, site.tables),
        "loopback": LOOPBACK,
        "passwords": sorted(passwords),
    }


def _describe_monitoring(site: Site, names: Names, volumes: Names) -> Facts:
    """What describe_monitoring says, and `{password, names, volume, ports}`; a port is `{published, variable}`."""
    given = {name: names.take(name) for name in ("prometheus", "grafana")}
    numbers = {"prometheus": PROMETHEUS, "grafana": GRAFANA}
    return {
        **describe_monitoring(site),
        "password": GRAFANA_PASSWORD,
        "names": given,
        "volume": volumes.take("prometheus-data"),
        "ports": {
            name: {"published": number, "variable": name_variable(given[name], "port")}
            for name, number in numbers.items()
        },
    }


def _name_companions(name: str, service: Facts, names: Names) -> Facts:
    """The containers around a service: `{gate, before, beside}`."""
    around = {key: [str(each["name"]) for each in service.get(key, ())] for key in ("before", "beside")}
    given: Facts = {key: {each: names.take(f"{name}-{each}") for each in found} for key, found in around.items()}
    return {"gate": names.take(f"{name}-ready"), **given}


def _list_secrets(site: Site) -> Iterator[Secret]:
    for name, service in sorted(site.services.items()):
        for container in list_containers(name, service).values():
            yield from container.secrets.values()
