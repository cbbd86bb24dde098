"""The reference specs, and specs made in a test, resolved as the loader resolves them."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from hftgen.spec.environment import Environment
from hftgen.spec.long_form import expand
from hftgen.spec.merge import merge, prune
from hftgen.spec.node import Node, Scalar, to_plain
from hftgen.spec.source import parse

CONTRACT = Path(__file__).parent / "contract"
DIGEST = "sha256:" + "0" * 64

PLAIN = """
apiVersion: hftgen/v1
project: shop
environment: production
tier: production
gitops: {repoURL: "https://git.example.com/shop/config.git"}
kubernetes: {version: "1.36"}
clusters: {main: {cloud: kind}}
services: {web: {image: nginx}}
"""
"""The least that an environment says."""


def text(name: str) -> str:
    """One file of the reference spec; the service of long-forms is no cron, so that it has no schedule."""
    content = (CONTRACT / name).read_text(encoding="utf-8")
    return "".join(
        line for line in content.splitlines(keepends=True) if not line.strip().startswith('schedule: "0 2 * * *"  ')
    )


def tree(*texts: str) -> Node:
    """The merged tree of texts, the first the parent of all; short forms stand."""
    root = parse(texts[0].encode(), "0.yaml")
    for number, each in enumerate(texts[1:], 1):
        root = merge(root, parse(each.encode(), f"{number}.yaml"))
    fields = {key: node for key, node in prune(root).value.items() if key != "extends"}  # type: ignore[union-attr]
    return Node(fields, root.file, root.line, root.column)


def environment(*texts: str) -> Environment:
    """The environment that texts say; raises ValidationError."""
    return Environment.model_validate(to_plain(expand(tree(*texts))))


def service(*fields: str) -> Environment:
    """PLAIN whose service `web` has these fields besides."""
    return environment(PLAIN, *(f"services: {{web: {{{field}}}}}" for field in fields))


def complaints(*texts: str) -> list[tuple[str, str]]:
    """Path and message of everything that is wrong with texts, unions' branches left out."""
    try:
        environment(*texts)
    except ValidationError as error:
        return [(path(item["loc"]), item["msg"]) for item in error.errors()]
    return []


def path(location: tuple[int | str, ...]) -> str:
    """A location without the tags of unions' branches."""
    return ".".join(str(part) for part in location if not (isinstance(part, str) and part[:1] == "("))


def plain(word: str) -> Scalar:
    """A scalar without quotes."""
    made = Scalar(word)
    made.plain = True
    return made


class _Core(yaml.SafeLoader):
    """Reads YAML nearly as an editor does: 1.2 core has no dates."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def value(content: str) -> Any:
    """What an editor reads of a text."""
    return yaml.load(content, _Core)
