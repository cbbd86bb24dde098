"""Images that ours begin from: which bytes they are, and whether what they build runs in what they end in."""

from collections.abc import Iterator

from hftgen.check.finding import Finding
from hftgen.check.place import make_finding
from hftgen.facts.bases import find_distribution, find_version, has_compiler, is_pinned
from hftgen.facts.derive import list_sites
from hftgen.facts.recipes import CPP, Bases, find_lender, list_bases, list_built
from hftgen.facts.site import Site
from hftgen.spec.load import Loaded
from hftgen.spec.service_build import ServiceBuild


def find_moving_bases(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X70: an image that is built from what a tag means that day is another one tomorrow."""
    for site, name in _list_built(loaded):
        for side, reference in list_bases(site, site.services[name])._asdict().items():
            if not is_pinned(reference, loaded.tables):
                yield make_finding(
                    loaded,
                    "HFT-X70",
                    _locate(loaded, name, side),
                    f"the image of {name} begins from {reference}, a tag that can be moved to other bytes",
                    f"add its digest here, or to data/images.yaml: `docker buildx imagetools inspect {reference}`",
                )


def find_older_runtimes(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X71: a program that was linked with a newer C library, or made for another Java or Python, does not start."""
    for site, name in _list_built(loaded):
        language, bases = _speaks(site, name), list_bases(site, site.services[name])
        if told := _compare_versions(language, bases):
            hint = "a runtime and a builder of one version"
            yield make_finding(loaded, "HFT-X71", _locate(loaded, name, "runtime"), f"{name} {told}", hint)
        if language not in (CPP, "rust"):
            continue
        built, runs = find_distribution(bases.builder), find_distribution(bases.runtime)
        if built is not None and runs is not None and built.release > runs.release:
            yield make_finding(
                loaded,
                "HFT-X71",
                _locate(loaded, name, "runtime"),
                f"{name} is built on {built.name} and runs on {runs.name}, whose C library is older: it does not start",
                f"a runtime of {built.name}, or a builder of {runs.name}",
            )


def _compare_versions(language: str, bases: Bases) -> str:
    """What is wrong with a runtime of another version; classes run on a newer Java, Python's wheels on no other."""
    built, runs = (find_version(reference, language) for reference in bases)
    if built is None or runs is None or built == runs or (language == "java" and int(built) < int(runs)):
        return ""
    return f"is built for {language.capitalize()} {built} and runs on {runs}: it does not start"


def find_absent_compilers(loaded: Loaded) -> Iterator[Finding]:
    """HFT-X72: a builder whose packages have no such compiler, which no other image can lend it."""
    build = loaded.environment.build
    for site, name in _list_built(loaded) if build is not None else ():
        builder = list_bases(site, site.services[name]).builder
        distribution = find_distribution(builder)
        if build is None or distribution is None or _speaks(site, name) != CPP:
            continue
        compiler, version = build.compiler.name, build.compiler.major
        if not (
            distribution.has(compiler, version)
            or has_compiler(builder, compiler, version)
            or find_lender(build, builder) is not None
        ):
            known = {"gcc": distribution.gcc, "clang": distribution.clang}[compiler]
            yield make_finding(
                loaded,
                "HFT-X72",
                _locate(loaded, name, "builder"),
                f"{builder} has no package of {compiler} {version}: the build of {name} stops there",
                f"{compiler} {' or '.join(known)}, or a builder that has it",
            )


def _list_built(loaded: Loaded) -> list[tuple[Site, str]]:
    """Each image that is built here, by the service that its Dockerfile is named for."""
    site = list_sites(loaded)[0]
    return [(site, name) for name in sorted(list_built(site).values())]


def _speaks(site: Site, name: str) -> str:
    return (site.services[name].build or ServiceBuild()).language


def _locate(loaded: Loaded, name: str, side: str) -> tuple[str, ...]:
    """Where the spec names a builder or runtime; where it names none, the service."""
    said, build = loaded.environment.services[name].build, loaded.environment.build
    if said is not None and getattr(said, side) is not None:
        return ("services", name, "build", side)
    shared = build is not None and build.container is not None and (said is None or said.language == CPP)
    return ("build", "container", side) if shared else ("services", name)
