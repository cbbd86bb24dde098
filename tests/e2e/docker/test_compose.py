"""compose.yaml: the Compose library takes it, and what it makes of it is the platform that the handbook describes."""

import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from tests.e2e.tree import Tree
from tests.tools import compose

pytestmark = pytest.mark.delivery

NEEDED = re.compile(r"^([A-Z0-9_]+)=$", re.MULTILINE)


def folder_of(tree: Tree) -> Path:
    """Where a tree has its containers."""
    return tree.rendered / "repository" / "docker"


def fill(tree: Tree) -> dict[str, str]:
    """What a developer would write into .env."""
    text = (folder_of(tree) / ".env.example").read_text(encoding="utf-8")
    return dict.fromkeys(NEEDED.findall(text), "filled-in")


def load(tree: Tree) -> Any:
    """The project."""
    done = compose.load(folder_of(tree) / "compose.yaml", fill(tree))
    assert done.code == 0, done.both()
    return json.loads(done.out)


def test_the_library_takes_it(tree: Tree) -> None:
    """With its own schema, and with the values of .env.example filled in."""
    assert load(tree)["services"]


def test_a_missing_value_is_told(committed: Tree) -> None:
    """Compose starts nothing, and names what is missing; a secret that is a file it misses when it makes the file."""
    text = (folder_of(committed) / "compose.yaml").read_text(encoding="utf-8")
    values = fill(committed)
    asked = [name for name in values if f"${{{name}:?" in text]
    assert {*asked, "EXCHANGE_FIX_0_PASSWORD"} == {*values}
    for name in asked:
        done = compose.load(folder_of(committed) / "compose.yaml", {key: values[key] for key in values if key != name})
        assert done.code == 1
        assert f"required variable {name} is missing a value: is missing in .env, see .env.example" in done.err


def test_no_value_stands_in_the_tree(tree: Tree) -> None:
    """.env.example names what is needed; nothing secret is written down."""
    lines = (folder_of(tree) / ".env.example").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"(#.*|[A-Z0-9_]+=|)", line) for line in lines)


def test_the_handbooks_ports(committed: Tree) -> None:
    """Trading engine 8080, Prometheus 9091, Grafana 3000, and nothing that the network could reach."""
    services = load(committed)["services"]
    ports = {name: [port["published"] for port in service.get("ports", ())] for name, service in services.items()}
    assert "8080" in ports["trading-engine"]
    assert ports["prometheus"] == ["9091"]
    assert ports["grafana"] == ["3000"]


def test_ports_belong_to_one_and_to_this_machine(tree: Tree) -> None:
    """No two containers listen on one, and none beyond the loopback."""
    ports = [port for service in load(tree)["services"].values() for port in service.get("ports", ())]
    published = [(port["published"], port["protocol"]) for port in ports]
    assert len(set(published)) == len(published)
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_starts_are_gated_by_health(tree: Tree) -> None:
    """Whoever waits for a healthy one waits for one that is asked; whoever answers nothing is only started."""
    services = load(tree)["services"]
    for name, service in services.items():
        for other, condition in service.get("depends_on", {}).items():
            asked = "healthcheck" in services[other]
            assert condition["condition"] != "service_healthy" or asked, (name, other)


def test_the_engine_starts_after_what_it_calls(committed: Tree) -> None:
    """Database, risk gateway and market data are healthy before it starts."""
    waits = load(committed)["services"]["trading-engine"]["depends_on"]
    assert {name: wait["condition"] for name, wait in waits.items()} == {
        "database": "service_healthy",
        "market-data-ready": "service_healthy",
        "risk-gateway-ready": "service_healthy",
    }


def test_an_init_container_finds_what_it_needs(tree: Tree) -> None:
    """The database is there before a migration starts; what it leaves in a volume the service sees; it has a /tmp."""
    services = load(tree)["services"]
    if "engine-migrate" in services:
        engine, migrate = services["engine"], services["engine-migrate"]
        waits = {name: wait["condition"] for name, wait in engine["depends_on"].items()}
        assert waits.pop("engine-migrate") == "service_completed_successfully"
        assert {name: wait["condition"] for name, wait in migrate["depends_on"].items()} == waits
        assert waits["database"] == "service_healthy"
        assert {"engine-journal", "engine-rules"} <= {volume["source"] for volume in migrate["volumes"]}
        assert {"engine-journal", "engine-rules"} <= {volume["source"] for volume in engine["volumes"]}
        assert migrate["read_only"]
        assert migrate["tmpfs"] == ["/tmp"]


def test_what_is_built_has_a_dockerfile(tree: Tree) -> None:
    """Every folder that compose.yaml builds from is there, with the stage that it wants."""
    for service in load(tree)["services"].values():
        if build := service.get("build"):
            file = folder_of(tree).parent / build["dockerfile"]
            assert f" AS {build['target']}" in file.read_text(encoding="utf-8")


def test_what_is_mounted_is_there(tree: Tree) -> None:
    """Files of this folder that containers read."""
    for service in load(tree)["services"].values():
        for volume in service.get("volumes", ()):
            assert volume["type"] != "bind" or Path(volume["source"]).exists(), volume


def test_prometheus_scrapes_who_is_there(tree: Tree) -> None:
    """Each target is a container and a port of the service; Grafana asks Prometheus, in PromQL."""
    folder = folder_of(tree)
    services = load(tree)["services"]
    config = yaml.safe_load((folder / "prometheus/prometheus.yml").read_text(encoding="utf-8"))
    for job in config["scrape_configs"]:
        assert job["static_configs"][0]["targets"][0].partition(":")[0] in services
    source = yaml.safe_load((folder / "grafana/provisioning/datasources/prometheus.yaml").read_text(encoding="utf-8"))
    assert source["datasources"][0]["url"].removeprefix("http://").partition(":")[0] in services
    dashboard = json.loads((folder / "grafana/dashboards/services.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        assert str(promql_parser.parse(panel["targets"][0]["expr"]))
        assert panel["datasource"]["uid"] == source["datasources"][0]["uid"]


def test_texts_arrive_as_they_were_written(tree: Tree) -> None:
    """A dollar in a file or a variable is no variable of Compose."""
    project = load(tree)
    if "ledger-ledger.yaml" in project.get("configs", {}):
        assert project["configs"]["ledger-ledger.yaml"]["content"] == "price: $5\nname: ${USER}\n"
        assert project["services"]["router"]["healthcheck"]["test"][-1] == "$HOME"
        variables = project["services"]["engine"]["environment"]
        assert variables == {
            "PASSWORD": "filled-in",
            "PRICE": "costs $5 or $(PASSWORD)",
            "URL": "postgres://app:filled-in@database-rw/app",
        }
    if project["name"] == "words":
        _expect_words(project, tree.repository / "specs/development.yaml")


def _expect_words(project: Any, spec: Path) -> None:
    """Commands, variables, files, questions and places of the platform `words`, as its spec has them."""
    engine, said = project["services"]["engine"], yaml.safe_load(spec.read_text(encoding="utf-8"))["services"]["engine"]
    assert (engine["entrypoint"], engine["command"]) == (said["command"], said["args"])
    assert engine["environment"] == said["config"]
    assert project["configs"]["engine-words.toml"]["content"] == said["files"]["words.toml"]
    assert engine["secrets"][0]["target"] == f"{said['secrets']['TOKEN']['mount']}/TOKEN"
    assert [volume["target"] for volume in engine["volumes"]] == [said["volumes"]["journal"]["path"]]
    first = project["services"]["engine-first"]
    assert [volume["target"] for volume in first["volumes"]] == [said["init"][0]["mounts"]["journal"]]
    ready, question = said["probes"]["ready"], project["services"]["engine-ready"]["healthcheck"]["test"]
    assert question[-1] == f"http://127.0.0.1:8080{ready['http']}"
    assert question[-2] == f"X-Words: {ready['headers']['X-Words']}"
