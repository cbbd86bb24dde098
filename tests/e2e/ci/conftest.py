"""The pipelines that are tried: the committed ones, and those of specs that ask for other things."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.e2e.ci.world import World
from tests.tools import checkout
from tests.tools.process import run

SHOP = """
apiVersion: hftgen/v1
project: shop
environment: {environment}
tier: {tier}
gitops: {{repoURL: "git@github.com:shop/platform.git"}}
kubernetes: {{version: "1.36"}}
clusters: {{local: {{cloud: kind}}}}
services:
  cart: {{image: "{registry}/cart:v1@sha256:{digest}", ports: {{http: 8080}}}}
  third: {{image: "docker.io/library/nginx:1@sha256:{digest}"}}
ci:
  systems: [{systems}]
  registry: {registry}
  runners: {{linux/arm64: [arm, "o'neill"]}}
{build}
"""
BUILD = """
build:
  compiler: {name: clang, version: "16"}
  cache: sccache
  packages: vcpkg
  requires: {fmt: 11.0.2}
  platforms: [linux/arm64]
  container: {builder: "ubuntu:24.04", runtime: "gcr.io/distroless/cc-debian12:nonroot"}
"""
VAULT = """
addons: {external-secrets: {manage: false}}
secrets:
  backend: vault
  path: train
  vault: {address: "https://vault.example.com", mount: secret, authMount: "kubernetes-{cluster}", audience: vault}
"""
REGISTRIES = {
    "aws": "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop",
    "github": "ghcr.io/shop",
}
KINDS = ("committed", *REGISTRIES)
ORIGIN = "git@gitlab.example.com:trading/engine.git"


@pytest.fixture(scope="session", params=KINDS)
def pipelines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `ci/`: the committed one, or one for a cloud's registry and for other tools."""
    if request.param == "committed":
        return checkout.REPOSITORY / "rendered" / "repository" / "ci"
    repository = tmp_path_factory.mktemp(request.param)
    (repository / "specs").mkdir()
    for environment, tier in (("live", "production"), ("test", "staging")):
        words = {"environment": environment, "tier": tier, "registry": REGISTRIES[request.param], "digest": "0" * 64}
        # Not everybody compiles: what is built elsewhere has no presets, and images of other languages.
        words["build"] = BUILD if request.param == "aws" else ""
        text = SHOP.format(systems="gitlab, github, jenkins", **words)
        text = (
            text
            if words["build"]
            else text.replace(
                "cart:v1@sha256:" + "0" * 64 + '"', "cart:v1@sha256:" + "0" * 64 + '", build: {language: go}'
            )
        )
        (repository / "specs" / f"{environment}.yaml").write_text(text, encoding="utf-8")
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=repository)
    assert done.code == 0, done.both()
    return repository / "rendered" / "repository" / "ci"


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `ci/` for thirty services on two platforms, more than GitLab lets one job need."""
    repository = tmp_path_factory.mktemp("crowd")
    (repository / "specs").mkdir()
    names = [f"station-{number}" for number in range(30)]
    for environment, tier in (("trial", "staging"), ("live", "production")):
        words = {"environment": environment, "tier": tier, "registry": "ghcr.io/train", "digest": "0" * 64}
        text = SHOP.format(systems="gitlab, github", build=BUILD.replace("[linux", "[linux/amd64, linux"), **words)
        images = [f'  {name}: {{image: "ghcr.io/train/{name}:v1@sha256:{"0" * 64}"}}' for name in names]
        text = text.replace("services:", "\n".join(["services:", *images])) + VAULT
        (repository / "specs" / f"{environment}.yaml").write_text(text, encoding="utf-8")
    done = run([Path(sys.executable).with_name("hftgen"), "render"], cwd=repository)
    assert done.code == 0, done.both()
    return repository / "rendered" / "repository" / "ci"


@pytest.fixture
def committed() -> Path:
    """The committed folder `ci/`."""
    return checkout.REPOSITORY / "rendered" / "repository" / "ci"


@pytest.fixture(scope="session")
def repository(pipelines: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the pipelines where their systems look for them; nobody writes into it."""
    folder = tmp_path_factory.mktemp("repository")
    workflows = folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for file in [*pipelines.glob("github/*.yml"), *pipelines.glob("platform/github/*.yml")]:
        shutil.copy(file, workflows)
    shutil.copy(pipelines / "github" / "actionlint.yaml", folder / ".github")
    shutil.copytree(pipelines, folder / "ci")
    for command in (["init", "--quiet", "--initial-branch=main"], ["remote", "add", "origin", ORIGIN]):
        assert run(["git", *command], cwd=folder).code == 0
    return folder


@pytest.fixture
def project(repository: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(repository, tmp_path / "project"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A platform with one target."""
    return World(tmp_path)
