"""What Dockerfiles and Compose say."""

import re
from collections.abc import Iterator

from tests.e2e.agreement.claim import Claim, claim
from tests.e2e.agreement.manifests import load
from tests.e2e.tree import Tree


def dockerfile_ports(tree: Tree) -> Iterator[Claim]:
    """What an image says it listens on. It is built once, and speaks for each environment that has the service."""
    for file in sorted(tree.rendered.glob("repository/docker/*/Dockerfile")):
        found = re.search(r"^EXPOSE (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            for environment in _list_owners(tree, file.parent.name):
                said = " ".join(sorted(found[1].split()))
                yield claim((environment, file.parent.name), said, file, found[1].split()[0].partition("/")[0])


def compose_ports(tree: Tree) -> Iterator[Claim]:
    """What callers on a developer's machine reach, and what Prometheus scrapes there: all ports of a service."""
    file = tree.rendered / "repository/docker/compose.yaml"
    if not file.exists():
        return
    scraped: dict[str, list[str]] = {}
    for job in load(file.parent / "prometheus/prometheus.yml")[0]["scrape_configs"]:
        scraped.setdefault(job["job_name"], []).append(
            f"{job['static_configs'][0]['targets'][0].rpartition(':')[2]}/tcp"
        )
    environment = _find_nearest(tree)
    for name, service in load(file)[0]["services"].items():
        ports = [f"{port['target']}/{port['protocol']}" for port in service.get("ports", ())]
        if ports and "build" in service:
            yield claim(
                (environment, name),
                " ".join(sorted({*ports, *scraped.get(name, ())})),
                file,
                ports[0].partition("/")[0],
            )


def _list_owners(tree: Tree, service: str) -> list[str]:
    return sorted(folder.parts[-4] for folder in tree.rendered.glob(f"*/kustomize/base/{service}"))


def _find_nearest(tree: Tree) -> str:
    """The environment that Compose stands for: the lowest tier's."""
    tiers = {name: _read_tier(tree, name) for name in tree.environments()}
    return min(tiers, key=lambda name: (["development", "staging", "production"].index(tiers[name]), name))


def _read_tier(tree: Tree, environment: str) -> str:
    text = (tree.rendered / environment / "README.md").read_text(encoding="utf-8")
    return str(re.search(r"^Tier (\w+)", text, re.MULTILINE)[1])  # type: ignore[index]
