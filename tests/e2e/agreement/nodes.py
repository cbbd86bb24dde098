"""What nodes are told by Terraform, Ansible, Packer and kind."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.e2e.agreement.claim import Claim, claim
from tests.e2e.agreement.infrastructure import EFFECTS, read_roots
from tests.e2e.agreement.manifests import load
from tests.e2e.tree import Tree

CPUS = {"irqaffinity": "reserved", "nohz_full": "isolated", "rcu_nocbs": "isolated"}


def read_groups(tree: Tree) -> Iterator[tuple[str, str, str, Path, Any]]:
    """What Ansible knows of each pool: environment, cluster, pool, file, node."""
    for file in sorted(tree.rendered.glob("*/ansible/group_vars/pool_*.yaml")):
        environment = file.relative_to(tree.rendered).parts[0]
        node = load(file)[0]["node"]
        cluster = file.stem.removeprefix("pool_").removesuffix(f"_{node['pool']}")
        yield environment, cluster, node["pool"], file, node


def read_kind(tree: Tree) -> Iterator[tuple[str, Path, Any]]:
    """The nodes of kind clusters: environment, file, node."""
    for file in sorted(tree.rendered.glob("*/kind/*.yaml")):
        for node in load(file)[0].get("nodes", ()):
            yield file.relative_to(tree.rendered).parts[0], file, node


def list_labels(tree: Tree) -> Iterator[Claim]:
    """The label of each pool's nodes, whoever makes them."""
    for environment, _, file, values in read_roots(tree, "cluster"):
        for pool in values["node_pools"].values():
            yield from _claim_labels(environment, file, pool["labels"])
    for environment, _, _, file, node in read_groups(tree):
        yield from _claim_labels(environment, file, node["labels"])
    for environment, file, node in read_kind(tree):
        yield from _claim_labels(environment, file, node.get("labels", {}))


def _claim_labels(environment: str, file: Path, labels: dict[str, str]) -> Iterator[Claim]:
    for key, value in labels.items():
        if key.startswith("hftgen.io/"):
            yield claim((environment, "label", value), f"{key}={value}", file, key)


def list_taints(tree: Tree) -> Iterator[Claim]:
    """The taint of each pool's nodes, whoever makes them."""
    for environment, _, file, values in read_roots(tree, "cluster"):
        for pool in values["node_pools"].values():
            yield from _claim_taints(environment, file, pool["taints"])
    for environment, _, _, file, node in read_groups(tree):
        yield from _claim_taints(environment, file, node["taints"])


def _claim_taints(environment: str, file: Path, taints: list[Any]) -> Iterator[Claim]:
    for taint in taints:
        # Azure's are text.
        parts = re.fullmatch(r"(.+)=(.+):(\w+)", taint).groups() if isinstance(taint, str) else ()  # type: ignore[union-attr]
        key, value, effect = parts or (taint["key"], taint["value"], taint["effect"])
        said = f"{key}={value}:{EFFECTS.get(effect, effect)}"
        yield claim((environment, "taint", value), said, file, effect)


def terraform_kubelets(tree: Tree) -> Iterator[Claim]:
    """The kubelet's settings that Terraform gives a pool's machines, each by its name."""
    for environment, cluster, file, values in read_roots(tree, "cluster"):
        for name, pool in values["node_pools"].items():
            for key, value in (pool.get("kubelet") or {}).items():
                yield claim((environment, cluster, name, key), _write(value), file, key)


def ansible_kubelets(tree: Tree) -> Iterator[Claim]:
    """Those that Ansible writes into images and hosts."""
    known = {each.about for each in terraform_kubelets(tree)}
    for environment, cluster, name, file, node in read_groups(tree):
        for key, value in node["kubelet"].items():
            each = claim((environment, cluster, name, key), _write(value), file, key)
            if each.about in known or any(about.startswith(f"{environment}/{cluster}/{name}/") for about in known):
                yield each


def kubelet_cpus(tree: Tree) -> Iterator[Claim]:
    """The CPUs that a kubelet keeps for the system, wherever it is told."""
    for environment, cluster, file, values in read_roots(tree, "cluster"):
        for name, pool in values["node_pools"].items():
            if cpus := (pool.get("kubelet") or {}).get("reservedSystemCPUs"):
                yield claim((environment, cluster, name, "reserved"), cpus, file)
    for environment, cluster, name, file, node in read_groups(tree):
        if cpus := node["kubelet"].get("reservedSystemCPUs"):
            yield claim((environment, cluster, name, "reserved"), cpus, file)


def told_cpus(tree: Tree) -> Iterator[Claim]:
    """The sets of CPUs by which Ansible places interrupts and services."""
    for environment, cluster, name, file, node in read_groups(tree):
        for key in ("reserved", "isolated"):
            if cpus := node["cpus"].get(key):
                yield claim((environment, cluster, name, key), cpus, file, f"{key}: {cpus}")


def kernel_cpus(tree: Tree) -> Iterator[Claim]:
    """The sets of CPUs on the kernel's command line."""
    for environment, cluster, name, file, node in read_groups(tree):
        for argument in node["kernel_arguments"]:
            key, _, value = argument.partition("=")
            if key in CPUS:
                yield claim((environment, cluster, name, CPUS[key]), value, file, argument)


def told_pages(tree: Tree) -> Iterator[Claim]:
    """The huge pages that a host is read back for, of each size over all NUMA nodes."""
    for environment, cluster, name, file, node in read_groups(tree):
        for size, counts in node["hugepages"].items():
            yield claim((environment, cluster, name, size), sum(counts), file, counts[0])


def kernel_pages(tree: Tree) -> Iterator[Claim]:
    """Those that the kernel's command line sets apart."""
    for environment, cluster, name, file, node in read_groups(tree):
        size = ""
        for argument in node["kernel_arguments"]:
            key, _, value = argument.partition("=")
            size = {"2M": "2Mi", "1G": "1Gi"}[value] if key == "hugepagesz" else size
            if key == "hugepages" and "," not in value:
                yield claim((environment, cluster, name, size), value, file, argument)


def terraform_parameters(tree: Tree) -> Iterator[Claim]:
    """Kernel parameters of machines, as user data sets them."""
    for environment, cluster, file, values in read_roots(tree, "cluster"):
        for name, pool in values["node_pools"].items():
            for key, value in pool.get("sysctls", {}).items():
                yield claim((environment, cluster, name, key), value, file, key)


def baked_parameters(tree: Tree) -> Iterator[Claim]:
    """Those that are baked into images, and read back."""
    known = {each.about for each in terraform_parameters(tree)}
    for environment, cluster, name, file, node in read_groups(tree):
        for key, value in node["sysctls"].items():
            if any(about.startswith(f"{environment}/{cluster}/{name}/") for about in known):
                yield claim((environment, cluster, name, key), value, file, key)


def used_images(tree: Tree) -> Iterator[Claim]:
    """The machine image that a pool's launch template looks up, and the machine that it starts on."""
    for environment, cluster, file, values in read_roots(tree, "cluster"):
        for name, pool in values["node_pools"].items():
            if pool.get("image"):
                yield claim((environment, cluster, name, "image"), pool["image"], file)
                yield claim((environment, cluster, name, "machine"), pool["machine"], file)


def baked_images(tree: Tree) -> Iterator[Claim]:
    """The image that Packer makes, and the machine on which it does, where Terraform uses it."""
    for file in sorted(tree.rendered.glob("*/ansible/image/*.pkrvars.json")):
        values = json.loads(file.read_text(encoding="utf-8"))
        if not (file.parents[2] / "terraform").exists():
            continue
        about = (file.relative_to(tree.rendered).parts[0], values["tags"]["cluster"], values["tags"]["pool"])
        yield claim((*about, "image"), values["image"], file)
        yield claim((*about, "machine"), values["machine"], file)


def _write(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
