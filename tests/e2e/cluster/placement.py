"""Where pods are, and where their spec says that they belong."""

from hftgen.facts.names import LABEL_NAME, POOL_LABEL
from hftgen.spec.datastore import ClusterDatastore
from hftgen.spec.rules.scope import choose_pool, list_runs
from tests.e2e.cluster.stage import Stage


def list_pools(stage: Stage) -> dict[str, str | None]:
    """The pool of each service and datastore of the cluster; None where the cluster has none for it."""
    loaded = stage.repository.load()
    site = loaded.environment.clusters[stage.cluster]
    pools = {run.name: run.pool_name for run in list_runs(loaded) if run.cluster == stage.cluster}
    for name, datastore in loaded.environment.datastores.items():
        if isinstance(datastore, ClusterDatastore):
            pools[name] = choose_pool(site.pools, datastore.pool)
    return pools


def list_places(stage: Stage) -> list[tuple[str, str | None]]:
    """Of each pod the service or datastore, and the pool of the node that it was given; None outside of any pool.

    A pod that was made a moment ago gets its node first.
    """
    stage.wait("a node for each pod", lambda: all("nodeName" in pod["spec"] for pod in stage.pods()))
    nodes = {one["metadata"]["name"]: one["metadata"]["labels"] for one in stage.client.objects("v1", "Node")}
    return [
        (pod["metadata"]["labels"][LABEL_NAME], nodes[pod["spec"]["nodeName"]].get(POOL_LABEL)) for pod in stage.pods()
    ]
