"""Production's primary cluster for the plays: what they change in its spec, and how a release begins there."""

from tests.e2e.cluster.client import Manifest
from tests.e2e.cluster.repository import name_image
from tests.e2e.cluster.stage import Stage

PRIMARY = "aws-use1"
SITE = "production", PRIMARY

# As production says it, in seconds instead of minutes; and a stateful service whose pods come one after the other.
_SERVICES = {
    "order-gateway": {
        "ports": {"metrics": {"port": 9090, "appProtocol": "http"}},
        "release": {"pause": "8s", "analysis": {"interval": "1s"}},
    },
    "risk-gateway": {"release": {"drain": "5s"}},
    "ledger": {
        "workload": "stateful",
        "instances": "single",
        "image": name_image("ledger", "v1.0.0"),
        "replicas": 1,
        "latency": "standard",
        "pool": "general",
        "cpu": 1,
        "memory": "1Gi",
        "ports": {"http": 8080},
        "volumes": {"book": {"path": "/var/lib/book", "size": "10Gi"}},
    },
}
CHANGES: Manifest = {"services": _SERVICES}


def release(stage: Stage, service: str, tag: str) -> str:
    """Commit a new image and sync it."""
    image = name_image(service, tag)
    stage.repository.edit({"services": {service: {"image": image}}})
    stage.deliver(service)
    return image
