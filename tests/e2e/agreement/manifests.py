"""What manifests and charts say: images, ports, pools, roles, secrets."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.e2e.agreement.claim import Claim, claim
from tests.e2e.tree import Tree


class Document(NamedTuple):
    """One object, as it stands in a base (`cluster` is empty) or an overlay."""

    environment: str
    cluster: str
    part: str
    file: Path
    value: Any


def read_all(tree: Tree, environment: str = "*") -> Iterator[Document]:
    """Every object below kustomize/."""
    for file in sorted(tree.rendered.glob(f"{environment}/kustomize/*/**/*.yaml")):
        parts = file.relative_to(tree.rendered).parts
        cluster = parts[3] if parts[2] == "overlays" else ""
        for value in load(file):
            if value:
                yield Document(parts[0], cluster, parts[-2], file, value)


def load(file: Path) -> list[Any]:
    """The documents of a file; the same file is read once while it does not change."""
    stat = file.stat()
    return _load(file, stat.st_mtime_ns, stat.st_size)


@cache
def _load(file: Path, _time: int, _size: int) -> list[Any]:
    return list(yaml.load_all(file.read_text(encoding="utf-8"), yaml.CSafeLoader))


def list_pods(tree: Tree) -> Iterator[tuple[Document, Any]]:
    """Every pod template with the object that has it."""
    for document in read_all(tree):
        spec = document.value.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec and "spec" in (template := spec["template"]):
            yield document, template["spec"]


def _list_placed(tree: Tree) -> Iterator[tuple[Document, Any]]:
    makers = ("terraform", "ansible/inventory.yaml", "kind")
    made = {path.relative_to(tree.rendered).parts[0] for name in makers for path in tree.rendered.glob(f"*/{name}")}
    return ((document, pod) for document, pod in list_pods(tree) if document.environment in made)


def overlay_images(tree: Tree) -> Iterator[Claim]:
    """What each cluster runs, by the symbol of the container."""
    for document in read_all(tree):
        if document.value.get("kind") == "Kustomization":
            for image in document.value.get("images", ()):
                text = image.get("digest") or image.get("newTag")
                whole = _join(image["newName"], image.get("newTag"), image.get("digest"))
                yield claim((document.environment, image["name"]), whole, document.file, text)


def chart_images(tree: Tree) -> Iterator[Claim]:
    """The images of the chart's values."""
    for file in sorted(tree.rendered.glob("*/helm/*/values.yaml")):
        environment = file.relative_to(tree.rendered).parts[0]
        for name, service in load(file)[0].get("services", {}).items():
            if (image := service.get("image")) and isinstance(image, dict):
                whole = _join(image["repository"], image.get("tag"), image.get("digest"))
                yield claim((environment, name), whole, file, image.get("digest") or image.get("tag"))


def readme_images(tree: Tree) -> Iterator[Claim]:
    """Images of the environment's README: their repositories, and what of them runs."""
    for file in sorted(tree.rendered.glob("*/README.md")):
        for repository, tag, digest in re.findall(
            r"^\| (\S+/\S+) \| (\S*) \| (sha256:[0-9a-f]{64})? ?\|$", file.read_text(encoding="utf-8"), re.MULTILINE
        ):
            yield claim((file.parent.name, repository, tag), _join(repository, tag, digest), file, digest or tag)


def overlay_repositories(tree: Tree) -> Iterator[Claim]:
    """The same images by repository and tag."""
    for document in read_all(tree):
        if document.value.get("kind") == "Kustomization":
            for image in document.value.get("images", ()):
                tag, digest = image.get("newTag") or "", image.get("digest") or ""
                whole = _join(image["newName"], tag, digest)
                yield claim((document.environment, image["newName"], tag), whole, document.file, digest or tag)


def _join(repository: str, tag: str | None, digest: str | None) -> str:
    return f"{repository}{f':{tag}' if tag else ''}{f'@{digest}' if digest else ''}"


def pod_ports(tree: Tree) -> Iterator[Claim]:
    """The ports that a service's container listens on, as one set."""
    for document, pod in list_pods(tree):
        for container in pod["containers"]:
            if container["name"] == document.part and (ports := container.get("ports")):
                said = sorted(f"{port['containerPort']}/{port.get('protocol', 'TCP').lower()}" for port in ports)
                text = ports[0]["containerPort"]
                yield claim((document.environment, document.part), " ".join(said), document.file, text)


def pod_selectors(tree: Tree) -> Iterator[Claim]:
    """The pool whose nodes a pod selects, where something here makes nodes."""
    for document, pod in _list_placed(tree):
        for key, value in pod.get("nodeSelector", {}).items():
            yield claim((document.environment, "label", value), f"{key}={value}", document.file, key)


def pod_tolerations(tree: Tree) -> Iterator[Claim]:
    """The taint of its pool that a pod tolerates, likewise."""
    for document, pod in _list_placed(tree):
        for each in pod.get("tolerations", ()):
            if each.get("operator", "Equal") == "Equal" and each.get("value"):
                said = f"{each['key']}={each['value']}:{each['effect']}"
                yield claim((document.environment, "taint", each["value"]), said, document.file, each["effect"])


def secret_paths(tree: Tree) -> Iterator[Claim]:
    """The folder of AWS' Secrets Manager in which an environment's secrets lie."""
    for document in read_all(tree):
        if document.value.get("kind") == "ExternalSecret" and _asks_amazon(tree, document.environment):
            for entry in document.value["spec"].get("data", ()):
                folder, environment, _ = entry["remoteRef"]["key"].split("/", 2)
                yield claim(
                    (document.environment,), f"{folder}/{environment}", document.file, f"{folder}/{environment}"
                )


def _asks_amazon(tree: Tree, environment: str) -> bool:
    folder = tree.rendered / environment
    stores = folder.glob("kustomize/**/secretstore.yaml") if (folder / "terraform/modules/aws").exists() else ()
    return any("aws" in load(file)[0]["spec"]["provider"] for file in stores)


def account_roles(tree: Tree) -> Iterator[Claim]:
    """The role on AWS that an account or an issuer asks for: named here, in an environment with clusters on AWS.

    Where it has none, the README tells people to make the role.
    """
    for file in sorted(tree.rendered.glob("*/kustomize/**/*.yaml")):
        environment = file.relative_to(tree.rendered).parts[0]
        for account, name in re.findall(r"arn:aws[a-z-]*:iam::(\d{12}):role/([\w+=,.@-]+)", file.read_text("utf-8")):
            if f"-{environment}-" in name and (tree.rendered / environment / "terraform/modules/aws").exists():
                yield claim((environment, account, name), name, file)
