"""All that one cluster is given: the objects of its overlays, and those that its Argo CD reads."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.e2e.conftest import Built
from tests.e2e.tree import Overlay, Tree
from tests.tools import kustomize, manifests

# What others must find there, in this order: the verdict on the rest depends on it.
_FIRST = (
    "CustomResourceDefinition",
    "Namespace",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
    "ServiceAccount",
    "LimitRange",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
)


class Delivery(NamedTuple):
    """The objects of a cluster, those that others need first."""

    name: str
    objects: list[Any]

    def first(self) -> list[Any]:
        """What has to be there before the rest is judged."""
        return [one for one in self.objects if one["kind"] in _FIRST]

    def surroundings(self) -> list[Any]:
        """What others bring along: namespaces that are used but not delivered, and each one's default account."""
        there = {one["metadata"]["name"] for one in self.objects if one["kind"] == "Namespace"}
        used = {one["metadata"]["namespace"] for one in self.objects if "namespace" in one["metadata"]}
        spaces = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in sorted(used - there)
        ]
        return [*spaces, *(_account(name) for name in sorted(used - there))]

    def accounts(self) -> list[Any]:
        """The default accounts of its own namespaces, which a controller would make."""
        return [_account(one["metadata"]["name"]) for one in self.objects if one["kind"] == "Namespace"]


def deliveries(tree: Tree, built: dict[Overlay, Built]) -> Iterator[Delivery]:
    """One for each cluster of each environment of a tree: first the first cluster of each environment."""
    clusters = tree.clusters()
    own = {one: [other for other in clusters if other[0] == one[0]].index(one) for one in clusters}
    for environment, cluster in sorted(clusters, key=own.__getitem__):
        objects = [
            one
            for overlay, (_, found) in built.items()
            if overlay[:2] == (environment, cluster)
            for one in found.values()
        ]
        texts = [file.read_text(encoding="utf-8") for file in tree.argocd_files(environment, cluster)]
        argocd = tree.rendered / environment / "argocd" / cluster
        texts += [kustomize.build(folder) for folder in tree.argocd_folders() if folder.is_relative_to(argocd)]
        objects += [one for text in texts for one in manifests.read(text)]
        yield Delivery(f"{environment}/{cluster}", sort(objects))


def sort(objects: list[Any]) -> list[Any]:
    """The same objects, those first that others need."""
    return sorted(objects, key=lambda one: _FIRST.index(one["kind"]) if one["kind"] in _FIRST else len(_FIRST))


def _account(namespace: str) -> Any:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": namespace}}
