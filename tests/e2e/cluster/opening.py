"""Everything that a play needs, for as long as a block lasts."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.e2e.cluster import addons, prometheus, usage
from tests.e2e.cluster.client import Client, Manifest
from tests.e2e.cluster.controlplane import EVERYTHING, ControlPlane
from tests.e2e.cluster.nodes import describe_nodes
from tests.e2e.cluster.repository import Repository
from tests.e2e.cluster.stage import Stage
from tests.tools import pins
from tests.tools.process import Background

_STARTS_SECONDS = 60


@contextmanager
def open_stage(folder: Path, site: tuple[str, str], changes: Manifest) -> Iterator[Stage]:
    """A cluster of an environment, brought up as its README says with all that its spec says but for these changes.

    Its Prometheus is the stand-in, asked each second; its nodes are there, and so are the add-ons' namespaces.
    """
    environment, cluster = site
    repository = Repository(folder / "repository", environment)
    repository.edit(changes)
    with ExitStack() as stack:
        plane = stack.enter_context(ControlPlane(folder))
        server = stack.enter_context(prometheus.serve())
        repository.edit({"observability": {"prometheus": {"address": server.address, "scrapeInterval": "1s"}}})
        plane.start(EVERYTHING)
        client = Client(stack.enter_context(_serve_proxy(folder, plane.kubeconfig)))
        _furnish(client, repository, cluster)
        stack.enter_context(addons.play(client))
        kubeconfig = _name_context(plane.kubeconfig, folder / "person.kubeconfig", cluster)
        namespace = str(repository.load().environment.kubernetes.namespace)
        stage = Stage(client, kubeconfig, repository, cluster, namespace, server)
        stage.deliver()
        stage.wait_for_health()
        yield stage


def _furnish(client: Client, repository: Repository, cluster: str) -> None:
    """What is there before the first sync."""
    loaded = repository.load()
    for namespace in {str(addon.namespace or name) for name, addon in loaded.environment.addons.items()}:
        client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}, "play")
    for one in (usage.define(), *describe_nodes(loaded, cluster)):
        client.apply(one, "play")


def _name_context(kubeconfig: Path, named: Path, cluster: str) -> Path:
    """The kubeconfig of a person: its context has the name of the cluster, as the runbooks take for granted."""
    value = json.loads(kubeconfig.read_text(encoding="utf-8"))
    (context,) = value["contexts"]
    named.write_text(json.dumps({**value, "contexts": [{**context, "name": cluster}]}), encoding="utf-8")
    return named


@contextmanager
def _serve_proxy(folder: Path, kubeconfig: Path) -> Iterator[Path]:
    """The API server behind a Unix socket, the only kind of connection that a test may open."""
    with tempfile.TemporaryDirectory(prefix="play-") as short:  # a socket's path is at most 107 bytes
        proxy = Path(short) / "api"
        command: list[str | Path] = [pins.BIN / "kubectl", "proxy", "--kubeconfig", kubeconfig, "--unix-socket", proxy]
        process = Background(command, folder / "proxy.log")
        try:
            _wait_for(proxy, process)
            yield proxy
        finally:
            process.stop()


def _wait_for(proxy: Path, process: Background) -> None:
    end = time.monotonic() + _STARTS_SECONDS
    while not proxy.exists():
        assert process.is_running(), process.last_words()
        assert time.monotonic() < end, f"kubectl proxy does not listen: {process.last_words()}"
        time.sleep(0.05)
