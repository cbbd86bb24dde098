"""What the trading system's repository is told: presets, compilers, packages, images, and how they are delivered."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.e2e.agreement.claim import Claim, claim
from tests.e2e.agreement.manifests import load
from tests.e2e.tree import Tree

PRESET = re.compile(r"\b(?:linux-(?:amd64|arm64)|macos|windows)-[a-z]+\b")


def repository(tree: Tree) -> Path:
    """The folder that belongs to all environments."""
    return tree.rendered / "repository"


def read_text(file: Path) -> str:
    """A file's text, or nothing where there is none."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def cmake_presets(tree: Tree) -> Iterator[Claim]:
    """The presets that can be configured."""
    file = repository(tree) / "build/CMakePresets.json"
    for preset in json.loads(read_text(file) or "{}").get("configurePresets", ()):
        if not preset.get("hidden"):
            yield claim((preset["name"],), preset["name"], file)


def conan_profiles(tree: Tree) -> Iterator[Claim]:
    """The presets that Conan makes packages for, by what each profile says itself."""
    for file in sorted((repository(tree) / "build/profiles").glob("*")):
        if found := re.search(r"^user\.cmake:preset=(\S+)$", read_text(file), re.MULTILINE):
            yield claim((file.name,), found[1], file)


def dockerfile_presets(tree: Tree) -> Iterator[Claim]:
    """The presets that images are built with."""
    for file in sorted(repository(tree).glob("docker/*/Dockerfile")):
        for name in re.findall(r"preset=(\S+) ;;", read_text(file)):
            yield claim((name,), name, file)


def pipeline_presets(tree: Tree) -> Iterator[Claim]:
    """The presets that pipelines build and test."""
    for file in list_pipelines(tree):
        for name in sorted(set(PRESET.findall(read_text(file)))):
            yield claim((name,), name, file)


def list_pipelines(tree: Tree) -> list[Path]:
    """The files of all CI systems that build."""
    ci = repository(tree) / "ci"
    return [file for file in (ci / "gitlab.yml", ci / "github/ci.yml", ci / "Jenkinsfile") if file.exists()]


def cmake_standards(tree: Tree) -> Iterator[Claim]:
    """The C++ standard that CMake compiles by."""
    file = repository(tree) / "build/CMakePresets.json"
    if found := re.search(r'"CMAKE_CXX_STANDARD": "(\d+)"', read_text(file)):
        yield claim(("standard",), found[1], file)


def conan_standards(tree: Tree) -> Iterator[Claim]:
    """The standard that packages are made for."""
    for file in sorted((repository(tree) / "build/profiles").glob("*-*")):
        if found := re.search(r"^compiler\.cppstd=(\d+)$", read_text(file), re.MULTILINE):
            yield claim(("standard",), found[1], file)


def toolchain_compilers(tree: Tree) -> Iterator[Claim]:
    """The compiler that CMake insists on."""
    for file in sorted((repository(tree) / "build/toolchains").glob("*.cmake")):
        if found := re.search(r'NOT _version MATCHES "\^(\d+)', read_text(file)):
            yield claim(("compiler",), found[1], file)


def conan_compilers(tree: Tree) -> Iterator[Claim]:
    """The compiler that packages for Linux are made by."""
    for file in sorted((repository(tree) / "build/profiles").glob("linux-*")):
        if found := re.search(r"^compiler\.version=(\d+)$", read_text(file), re.MULTILINE):
            yield claim(("compiler",), found[1], file)


def image_compilers(tree: Tree) -> Iterator[Claim]:
    """The compiler that images are built with, where it is lent or a package."""
    files = [*sorted(repository(tree).glob("docker/*/Dockerfile")), repository(tree) / "ci/builder.Dockerfile"]
    for file in files:
        if found := re.search(r"/usr/local/bin/gcc-(\d+)\b|\bg\+\+-(\d+)\b", read_text(file)):
            yield claim(("compiler",), found[1] or found[2], file, found[0].rpartition("/")[2])


def conan_packages(tree: Tree) -> Iterator[Claim]:
    """The packages that Conan's recipe requires."""
    file = repository(tree) / "build/conanfile.py"
    for name, version in re.findall(r'self\.requires\("([^/"]+)/([^"]+)"\)', read_text(file)):
        yield claim((name,), version, file)


def vcpkg_packages(tree: Tree) -> Iterator[Claim]:
    """The same by vcpkg."""
    file = repository(tree) / "build/vcpkg.json"
    for package in json.loads(read_text(file) or "{}").get("overrides", ()):
        yield claim((package["name"],), package["version"], file)


def image_tools(tree: Tree) -> Iterator[Claim]:
    """The versions of CMake, Conan and Ninja that images are built with."""
    for file in sorted(repository(tree).glob("docker/*/Dockerfile")):
        yield from _list_tools(file)


def builder_tools(tree: Tree) -> Iterator[Claim]:
    """Those of the image in which jobs compile."""
    yield from _list_tools(repository(tree) / "ci/builder.Dockerfile")


def _list_tools(file: Path) -> Iterator[Claim]:
    for name, version in re.findall(r"\b(cmake|conan|ninja)==(\S+)", read_text(file)):
        yield claim((name,), version, file)


def image_bases(tree: Tree) -> Iterator[Claim]:
    """What C++ images are built in."""
    for file in sorted(repository(tree).glob("docker/*/Dockerfile")):
        text = read_text(file)
        if "cmake --preset" in text and (found := re.search(r"^FROM (\S+) AS builder$", text, re.MULTILINE)):
            yield claim(("base",), found[1], file)


def builder_bases(tree: Tree) -> Iterator[Claim]:
    """What the jobs' image begins from."""
    file = repository(tree) / "ci/builder.Dockerfile"
    if found := re.findall(r"^FROM (\S+)$", read_text(file), re.MULTILINE):
        yield claim(("base",), found[-1], file)


def built_images(tree: Tree) -> Iterator[Claim]:
    """The images that pipelines push, by the folder of their Dockerfile."""
    file = repository(tree) / "ci/gitlab.yml"
    for folder, name in re.findall(r"IMAGE: (\S+)\n(?:.*\n)??\s+REPOSITORY: (\S+)$", read_text(file), re.MULTILINE):
        yield claim((folder,), name, file)


def pulled_images(tree: Tree) -> Iterator[Claim]:
    """The repositories that clusters run services from, of those that pipelines push."""
    known = {each.about for each in built_images(tree)}
    for file in sorted(tree.rendered.glob("*/kustomize/overlays/*/*/kustomization.yaml")):
        for image in load(file)[0].get("images", ()):
            if image["name"] in known and image["name"] == file.parent.name:
                yield claim((image["name"],), image["newName"], file)


def applications(tree: Tree) -> Iterator[Claim]:
    """The Applications of services, by environment, cluster and service."""
    for file in sorted(tree.rendered.glob("*/argocd/*/*.yaml")):
        parts = file.relative_to(tree.rendered).parts
        for document in load(file):
            if document["kind"] == "Application":
                yield claim((parts[0], parts[2], file.stem), document["metadata"]["name"], file)


def awaited_applications(tree: Tree) -> Iterator[Claim]:
    """Those whose sync a pipeline waits for."""
    file = repository(tree) / "ci/delivery.json"
    for environment in json.loads(read_text(file) or "{}").get("environments", ()):
        for each in environment["applications"]:
            yield claim((environment["name"], each["cluster"], each["service"]), each["name"], file)


def frozen_windows(tree: Tree) -> Iterator[Claim]:
    """The windows in which Argo CD refuses syncs."""
    for file in sorted(tree.rendered.glob("*/argocd/*/projects.yaml")):
        environment = file.relative_to(tree.rendered).parts[0]
        for document in load(file):
            for window in document["spec"].get("syncWindows", ()):
                if window["kind"] == "deny":
                    said = f"{window['schedule']} for {window['duration']}"
                    yield claim((environment, *sorted(window["applications"])), said, file, window["duration"])


def told_windows(tree: Tree) -> Iterator[Claim]:
    """Those that a pipeline tells of."""
    file = repository(tree) / "ci/delivery.json"
    for environment in json.loads(read_text(file) or "{}").get("environments", ()):
        for window in environment["windows"]:
            said = f"{window['schedule']} for {window['duration']}"
            yield claim((environment["name"], *sorted(window["applications"])), said, file, window["duration"])


def zone_of_hosts(tree: Tree) -> Iterator[Claim]:
    """The zone that a certificate's issuer answers challenges in, where zones are made here."""
    for file in sorted(tree.rendered.glob("*/kustomize/**/clusterissuer.yaml")) if any(zone_of_accounts(tree)) else ():
        for zone in re.findall(r"dnsZones:\n\s+- (\S+)", yaml.safe_dump(load(file)[0])):
            yield claim((zone,), zone, file)


def zone_of_accounts(tree: Tree) -> Iterator[Claim]:
    """The zones that Terraform makes."""
    for file in sorted(tree.rendered.glob("*/terraform/shared/terraform.tfvars.json")):
        for values in json.loads(read_text(file)).values():
            said = values.get("zone") if isinstance(values, dict) else None
            if zone := said.get("domain") if isinstance(said, dict) else said:
                yield claim((zone,), zone, file)
