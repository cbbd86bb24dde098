"""Every fact that several tools are told, and where each of them is told it."""

from tests.e2e.agreement import infrastructure, local, manifests
from tests.e2e.agreement.claim import Pair

PAIRS = (
    Pair("image", (manifests.overlay_images, manifests.chart_images)),
    Pair("image in the README", (manifests.overlay_repositories, manifests.readme_images)),
    Pair("ports", (manifests.pod_ports, local.dockerfile_ports, local.compose_ports)),
    Pair("pool's label", (infrastructure.pool_labels, manifests.pod_selectors)),
    Pair("pool's taint", (infrastructure.pool_taints, manifests.pod_tolerations)),
    Pair("Kubernetes' version", (infrastructure.readme_versions, infrastructure.kubernetes_versions)),
    Pair("state bucket", (infrastructure.made_buckets, infrastructure.used_buckets)),
)
