"""Every fact that several tools are told, and where each of them is told it."""

from tests.e2e.agreement import builds, infrastructure, local, manifests, nodes
from tests.e2e.agreement.claim import Pair

PAIRS = (
    Pair("image", (manifests.overlay_images, manifests.chart_images)),
    Pair("image in the README", (manifests.overlay_repositories, manifests.readme_images)),
    Pair("ports", (manifests.pod_ports, local.dockerfile_ports, local.compose_ports)),
    Pair("pool's label", (nodes.list_labels, manifests.pod_selectors)),
    Pair("pool's taint", (nodes.list_taints, manifests.pod_tolerations)),
    Pair("kubelet", (nodes.terraform_kubelets, nodes.ansible_kubelets)),
    Pair("CPU set", (nodes.told_cpus, nodes.kubelet_cpus, nodes.kernel_cpus)),
    Pair("huge pages", (nodes.told_pages, nodes.kernel_pages)),
    Pair("kernel parameter", (nodes.terraform_parameters, nodes.baked_parameters)),
    Pair("machine image", (nodes.used_images, nodes.baked_images)),
    Pair("Kubernetes' version", (infrastructure.readme_versions, infrastructure.kubernetes_versions)),
    Pair("state bucket", (infrastructure.made_buckets, infrastructure.used_buckets)),
    Pair("cloud's role", (infrastructure.made_roles, manifests.account_roles)),
    Pair("role that CI may make", (infrastructure.made_paths, infrastructure.permitted_roles)),
    Pair("bucket that CI may make", (infrastructure.named_buckets, infrastructure.permitted_buckets)),
    Pair("backups", (infrastructure.backup_buckets, infrastructure.velero_buckets)),
    Pair("secret's path", (infrastructure.readable_paths, manifests.secret_paths)),
    Pair(
        "preset",
        (builds.cmake_presets, builds.conan_profiles, builds.dockerfile_presets, builds.pipeline_presets),
    ),
    Pair("C++ standard", (builds.cmake_standards, builds.conan_standards)),
    Pair("compiler", (builds.toolchain_compilers, builds.conan_compilers, builds.image_compilers)),
    Pair("package", (builds.conan_packages, builds.vcpkg_packages)),
    Pair("tool of builds", (builds.image_tools, builds.builder_tools)),
    Pair("base of builds", (builds.image_bases, builds.builder_bases)),
    Pair("registry", (builds.built_images, builds.pulled_images)),
    Pair("Application", (builds.applications, builds.awaited_applications)),
    Pair("freeze", (builds.frozen_windows, builds.told_windows)),
    Pair("zone", (builds.zone_of_accounts, builds.zone_of_hosts)),
)
