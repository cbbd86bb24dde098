"""What pipelines use that is not ours: images by digest, and GitHub's actions by commit."""

from hftgen.facts.bases import pin
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.spec.ci import Ci

IMAGES = {
    "builder_engine": "moby/buildkit:v0.29.0",
    "buildkit": "moby/buildkit:v0.33.0-rootless",
    "cosign": "ghcr.io/sigstore/cosign/cosign:v3.1.3",
    "docker": "docker:28-cli",
    "frontend": "docker/dockerfile:1",
    "python": "python:3.13-slim-bookworm",
    "trivy": "aquasec/trivy:0.73.0",
}
TERRAFORM, NEWEST = "hashicorp/terraform", "1.15.8"
OWN = ("builder", "tools")
"""The images that are made from ci/*.Dockerfile, by their names."""


def describe_tools(site: Site) -> Facts:
    """`images`: references by what they are for, pinned where a digest is known; `actions`: `{uses, version}`."""
    ci, build = site.environment.ci, site.environment.build
    if ci is None:
        raise ValueError("there are no pipelines")
    images = {name: pin(reference, site.tables) for name, reference in IMAGES.items()}
    images["terraform"] = pin(f"{TERRAFORM}:{_choose_version(site)}", site.tables)
    base = str(build.container.builder) if build is not None and build.container is not None else "debian:12"
    images["base"] = pin(base, site.tables)
    for name in OWN:
        images[name] = pin(find_own(ci, name), site.tables) or images[{"builder": "base", "tools": "trivy"}[name]]
    actions = {
        name: {"uses": f"{name}@{action.commit}", "version": action.version}
        for name, action in site.tables.actions.items()
    }
    return {"images": images, "actions": actions}


def _choose_version(site: Site) -> str:
    """The newest Terraform that we know; a spec that asks for a newer one gets the one that it names."""
    terraform = site.environment.terraform
    least = str(terraform.version) if terraform is not None else NEWEST
    wanted = least if least.count(".") == 2 else f"{least}.0"
    return max(wanted, NEWEST, key=lambda version: tuple(int(part) for part in version.split(".")))


def find_own(ci: Ci, name: str) -> str:
    """The image that the spec names, else the registry's; empty where there is no registry."""
    said = {"builder": ci.builder, "tools": ci.image}[name]
    if said is not None:
        return str(said)
    return f"{ci.registry}/ci-{name}:stable" if ci.registry is not None else ""
