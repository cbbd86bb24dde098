"""How the image of a service is built: the images that it begins from, and what its Dockerfile needs to know."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hftgen.facts.bases import Distribution, find_distribution, has_compiler, pin
from hftgen.facts.builds import SHIPPED, list_targets, name_preset
from hftgen.facts.images import split_image
from hftgen.facts.packages import find_baseline
from hftgen.facts.record import Facts
from hftgen.facts.site import Site
from hftgen.facts.volumes import list_kept
from hftgen.spec.build import Build
from hftgen.spec.service import Service
from hftgen.spec.service_build import ServiceBuild

CPP = "cpp"

# The syntax of our Dockerfiles: cache and secret mounts, here-documents.
FRONTEND = "docker/dockerfile:1"

# The user of distroless images; Kubernetes must see a number to know that it is not root.
NONROOT = 65532

# What builds are made with, at the versions that the tests try.
TOOLS = {"cmake": "4.4.4", "conan": "2.34.0", "ninja": "1.13.2"}


class Bases(NamedTuple):
    """Where a build begins and ends."""

    builder: str
    runtime: str


# Builders are a Debian older than runtimes, which have a newer C library: distroless has ended its images of Debian 12.
BASES = {
    CPP: Bases("debian:12", "gcr.io/distroless/cc-debian13:nonroot"),
    "go": Bases("golang:1.26-bookworm", "gcr.io/distroless/static-debian13:nonroot"),
    "rust": Bases("rust:1.90-bookworm", "gcr.io/distroless/cc-debian13:nonroot"),
    "java": Bases("maven:3.9-eclipse-temurin-21", "gcr.io/distroless/java21-debian13:nonroot"),
    "python": Bases("python:3.13-slim-bookworm", "gcr.io/distroless/python3-debian13:nonroot"),
}


def derive_recipes(site: Site) -> dict[str, Facts]:
    """The recipes of an environment by the service that lends the folder its name: one for each image built here.

    `{image, language, target, directory, frontend, builder, runtime, ports, volumes, user, cpp}`; see _describe_cpp.
    """
    return {name: _describe(site, name, repository) for repository, name in sorted(list_built(site).items())}


def list_built(site: Site) -> dict[str, str]:
    """Each image that is built here, without tag, and the service that lends the folder of its Dockerfile the name."""
    built: dict[str, str] = {}
    for name, service in sorted(site.services.items()):
        if is_built(site, service):
            repository = split_image(str(service.image))["repository"]
            if repository not in built or repository.endswith(f"/{name}"):
                built[repository] = name
    return built


def is_built(site: Site, service: Service) -> bool:
    """Whether the service's image is built from the trading system's sources."""
    said, ci = service.build, site.environment.ci
    if said is not None:
        return said.enabled
    below = ci is not None and ci.registry is not None and str(service.image).startswith(f"{ci.registry}/")
    return below and site.environment.build is not None


def list_bases(site: Site, service: Service) -> Bases:
    """The images of a service's build, as the spec or the language's custom has them, not pinned."""
    said, build = service.build or ServiceBuild(), site.environment.build
    usual = BASES[said.language]
    if said.language == CPP and build is not None and build.container is not None:
        usual = Bases(str(build.container.builder), str(build.container.runtime))
    return Bases(str(said.builder or usual.builder), str(said.runtime or usual.runtime))


def find_lender(build: Build, builder: str) -> str | None:
    """The image that lends its compiler to a builder whose packages have none; None where none is needed or known."""
    compiler, version = build.compiler.name, build.compiler.major
    distribution = find_distribution(builder)
    if distribution is None or distribution.has(compiler, version) or has_compiler(builder, compiler, version):
        return None
    codename = distribution.name if distribution.name in ("bookworm", "trixie") else "bookworm"
    return f"gcc:{version}-{codename}" if compiler == "gcc" else None


def _describe(site: Site, name: str, repository: str) -> Facts:
    service = site.services[name]
    said, bases = service.build or ServiceBuild(), list_bases(site, service)
    return {
        "image": repository,
        "language": said.language,
        "target": str(said.target or _name_program(name, said.language)),
        "directory": str(said.directory),
        "frontend": pin(FRONTEND, site.tables),
        "builder": pin(bases.builder, site.tables),
        "runtime": pin(bases.runtime, site.tables),
        "ports": list(_list_ports(service)),
        "volumes": [str(volume.path) for volume in list_kept(service).values()],
        "user": _find_user(service),
        **({"cpp": _describe_cpp(site, bases)} if said.language == CPP else {}),
    }


def _name_program(name: str, language: str) -> str:
    """A service's program where the spec names none: Python's modules have no hyphens."""
    return name.replace("-", "_") if language == "python" else name


def _find_user(service: Service) -> str:
    """Whom the image runs as, and whose its volumes' folders are: the pod's user, unless that is root."""
    said = service.user
    uid = (said.uid if said is not None else None) or NONROOT
    gid = (said.gid if said is not None else None) or uid
    return f"{uid}:{gid}"


def _list_ports(service: Service) -> Iterator[str]:
    for number, protocol in sorted({(int(port.target), str(port.protocol)) for port in service.ports.values()}):
        yield f"{number}/{protocol.lower()}"


def _describe_cpp(site: Site, bases: Bases) -> Facts:
    """`{presets, packages, lender, compiler, version, cache, mounts, manager, baseline, tools}`.

    `presets` by architecture, `lender` an image or None, `baseline` the commit of vcpkg's registry, `tools` what pip is
    asked for.
    """
    build = site.environment.build
    if build is None:
        raise ValueError("C++ needs the section `build`")
    distribution, lender = find_distribution(bases.builder), find_lender(build, bases.builder)
    presets = {
        target.image.partition("/")[2]: name_preset(target, SHIPPED) for target in list_targets(build) if target.image
    }
    return {
        "presets": presets,
        "packages": _list_packages(build, bases.builder, distribution),
        "lender": None if lender is None else pin(lender, site.tables),
        "compiler": build.compiler.name,
        "version": build.compiler.major,
        "cache": build.cache,
        "mounts": list(_list_mounts(build)),
        "manager": build.packages,
        "baseline": find_baseline(build),
        "tools": _list_tools(build, distribution),
    }


def _list_packages(build: Build, builder: str, distribution: Distribution | None) -> list[str]:
    """Packages that the builder's distribution adds; none where the image is somebody's own, which has everything."""
    if distribution is None:
        return []
    compiler, version = build.compiler.name, build.compiler.major
    own: Mapping[str, list[str]] = {"gcc": [f"g++-{version}"], "clang": [*_list_clang(build, distribution)]}
    packaged = (
        own[compiler] if distribution.has(compiler, version) and not has_compiler(builder, compiler, version) else []
    )
    lent = ["binutils", "libc6-dev"] if find_lender(build, builder) else []
    cache = [build.cache] if build.cache != "none" else []
    vcpkg = ["curl", "pkg-config", "tar", "unzip", "zip"] if build.packages == "vcpkg" else []
    return sorted({"ca-certificates", "git", "make", "python3-venv", *packaged, *lent, *cache, *vcpkg})


def _list_clang(build: Build, distribution: Distribution) -> Iterator[str]:
    """clang with gcc's C++ library; what sanitizers and link-time optimisation need is recommended only, or less."""
    version = build.compiler.major
    yield from (f"clang-{version}", "g++")
    # Before, the run time of sanitizers was clang's own package.
    apart = 15 if distribution.name == "jammy" else 14
    if {"asan", "ubsan", "tsan"} & {*build.presets} and int(version) >= apart:
        yield f"libclang-rt-{version}-dev"
    if "lto" in build.presets:
        yield f"llvm-{version}"


def _list_mounts(build: Build) -> Iterator[str]:
    """What stays with the builder from one build to the next: packages, and what the compiler made of files before.

    Of Conan's home the packages alone: its servers and their credentials are the builder image's, or secrets.
    """
    places = {"conan": "/root/.conan2/p", "vcpkg": "/var/cache/vcpkg"}
    if build.packages in places:
        # Two builds at once would write one another's packages.
        yield f"type=cache,target={places[build.packages]},id={build.packages}-${{TARGETARCH}},sharing=locked"
    if build.cache != "none":
        yield f"type=cache,target=/var/cache/{build.cache},id={build.cache}-${{TARGETARCH}}"


def _list_tools(build: Build, distribution: Distribution | None) -> list[str]:
    """Tools by the Python package index, at one version: the distribution's own are older than the presets need."""
    if distribution is None:
        return []
    wanted = [
        "cmake",
        *(["conan"] if build.packages == "conan" else []),
        *(["ninja"] if build.generator == "Ninja" or build.packages == "vcpkg" else []),
    ]
    return [f"{name}=={TOOLS[name]}" for name in wanted]
