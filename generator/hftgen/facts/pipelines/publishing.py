"""Jobs that make images: built on each platform, joined, scanned, signed, and released without being built again."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hftgen.facts.pipelines.checks import SCRIPTS
from hftgen.facts.pipelines.job import Job, Run


class Built(NamedTuple):
    """An image that is built here: the folder of its Dockerfile below docker/, and its repository in the registry."""

    folder: str
    repository: str


def list_publishing(
    images: Sequence[Built], platforms: Sequence[str], checks: Sequence[str], gate: str
) -> Iterator[Job]:
    """`checks` are the jobs that must have passed; `gate` the environment whose tests a release asks for, or empty."""
    if not images:
        return
    yield _make_image(images, platforms, checks)
    yield _make_publish(images)
    yield _make_release(images, gate)


def _make_image(images: Sequence[Built], platforms: Sequence[str], checks: Sequence[str]) -> Job:
    # Not `image`: that is a word of GitLab's.
    return Job(
        "assemble",
        "assemble",
        "One image for each service and platform, pushed by digest: without a tag nobody can pull it by mistake.",
        ("main",),
        (f"bash {SCRIPTS}/image.sh build",),
        60,
        "tools",
        runs=tuple(_make_run(image, platform) for image in images for platform in platforms),
        needs=tuple(checks),
        keeps=("images/",),
        days=1,
        tokens=("registry",),
        lasting=True,
    )


def _make_publish(images: Sequence[Built]) -> Job:
    return Job(
        "publish",
        "publish",
        "The platforms become one image; what it holds is scanned and listed; the whole is signed in the job's name.",
        ("main",),
        (f"bash {SCRIPTS}/image.sh publish",),
        30,
        "tools",
        runs=tuple(_make_whole(image) for image in images),
        needs=("assemble",),
        keeps=("images/*.ref", "reports/"),
        days=90,
        sboms=("reports/*.cdx.json",),
        tokens=("registry", "sigstore"),
        lasting=True,
    )


def _make_release(images: Sequence[Built], gate: str) -> Job:
    return Job(
        "release",
        "publish",
        "A tag builds nothing: the image of its commit, which passed the tests, gets the version's name.",
        ("release",),
        (f"bash {SCRIPTS}/image.sh release",),
        15,
        "tools",
        runs=tuple(_make_whole(image) for image in images),
        variables={"GATE": gate},
        keeps=("images/*.ref",),
        days=90,
        tokens=("registry",),
        lasting=True,
    )


def _make_run(image: Built, platform: str) -> Run:
    return Run(f"{image.folder}-{platform.rpartition('/')[2]}", platform, {**_tell(image), "PLATFORM": platform})


def _make_whole(image: Built) -> Run:
    return Run(image.folder, "", _tell(image))


def _tell(image: Built) -> dict[str, str]:
    return {"IMAGE": image.folder, "REPOSITORY": image.repository}
