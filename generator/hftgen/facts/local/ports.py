"""Ports of this machine: which service is reached where. The same spec always gives the same ports."""

from collections.abc import Iterable, Mapping
from itertools import chain

from hftgen.facts.local.variables import name_variable
from hftgen.facts.network import find_metrics_port
from hftgen.facts.record import Facts
from hftgen.facts.stores import find_port
from hftgen.spec.datastore import AnyDatastore
from hftgen.spec.service import Service

# The handbook's: Prometheus and Grafana.
PROMETHEUS, GRAFANA = 9091, 3000

LOOPBACK = "127.0.0.1"

# Below lie ports that only root may open.
FIRST_FREE, LAST = 1024, 65535

CLASSES = ("tick-to-trade", "low", "standard")


def order_services(services: Mapping[str, Service]) -> list[str]:
    """Services in the order in which they choose: stateful ones first, then by latency class, then by name.

    So the trading engine has the port that the handbook names, whatever else listens on the same one in its pod.
    """
    return sorted(
        services,
        key=lambda name: (services[name].workload != "stateful", CLASSES.index(services[name].latency), name),
    )


def assign_ports(services: Mapping[str, Service], stores: Mapping[str, AnyDatastore]) -> dict[str, list[Facts]]:
    """For each service and datastore `{name, port, published, protocol, variable}` of each port that people call.

    A port that is for metrics alone is Prometheus'. A port that is taken gives way to the next free one.
    """
    taken = {("TCP", PROMETHEUS), ("TCP", GRAFANA)}
    given = {
        name: [_give(name, port, taken) for port in _list_called(services[name])] for name in order_services(services)
    }
    for name, store in sorted(stores.items()):
        if (number := find_port(store)) is not None:
            given[name] = [_give(name, {"name": str(store.engine), "port": number, "protocol": "TCP"}, taken)]
    return given


def _list_called(service: Service) -> Iterable[Facts]:
    metrics, usual = find_metrics_port(service), service.default_port
    for name, port in sorted(service.ports.items()):
        if name != metrics or name == usual:
            yield {"name": str(name), "port": int(port.target), "protocol": str(port.protocol)}


def _give(owner: str, port: Facts, taken: set[tuple[str, int]]) -> Facts:
    wanted = port["port"] if port["port"] >= FIRST_FREE else port["port"] + 8000
    free = chain(range(wanted, LAST + 1), range(FIRST_FREE, wanted))
    published = next(number for number in free if (port["protocol"], number) not in taken)
    taken.add((port["protocol"], published))
    return {**port, "published": published, "variable": name_variable(owner, port["name"], "port")}
