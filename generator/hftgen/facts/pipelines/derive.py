"""Everything that the pipelines of one repository's systems are shaped from."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from hftgen import __version__
from hftgen.facts.names import RENDERED
from hftgen.facts.pipelines.checks import list_checks
from hftgen.facts.pipelines.job import FROZEN
from hftgen.facts.pipelines.ladder import climb, find_gate, list_deliveries
from hftgen.facts.pipelines.platform import list_roots
from hftgen.facts.pipelines.publishing import Built, list_publishing
from hftgen.facts.pipelines.registry import describe_registry
from hftgen.facts.record import Facts

SCP = re.compile(r"(?P<user>[^@/]+@)?(?P<host>[^:/]+):(?P<path>.+)")
"""Git's short form of an address: git@host:path."""


def add_pipelines(envs: Mapping[str, Facts]) -> dict[str, Facts]:
    """`envs` of the templates below repository/, where each that speaks for a CI system has `pipelines`."""
    build = next((env["build"] for env in envs.values() if "build" in env["speaksFor"]), None)
    return {
        name: {**env, "pipelines": describe_pipelines(envs, env, build)} if {*env["speaksFor"]} - {"build"} else env
        for name, env in envs.items()
    }


def describe_pipelines(contexts: Mapping[str, Facts], speaker: Facts, build: Facts | None) -> Facts:
    """The pipelines of all environments together, as `speaker`'s section `ci` has them.

    - `jobs`: what runs for the trading system, in an order in which each stands after those it needs (job.Job)
    - `stages`: their stages in order
    - `registry`, `images`, `actions`: see registry and tools
    - `toolchain`: what the image that compiles is made from (recipes), None where no C++ image is built here
    - `targets`: facts of each environment in the order of promotion, for the scripts
    - `platform`: the repository of the specs: `{url, server, project, branch}`
    - `roots`: root modules of Terraform that this repository's own pipeline plans and applies (platform.Root)
    - `frozen`: the exit code of a job that a freeze keeps from its work; `version`: hftgen's own
    """
    ci = speaker["ci"]
    rungs = climb(contexts)
    jobs = list(list_checks(build, str(ci["benchmark"]["threshold"]).removesuffix("%")))
    if ci.get("registry"):
        platforms = build["platforms"] if build else ["linux/amd64"]
        images = list_built(contexts, ci["registry"])
        jobs += list_publishing(images, platforms, [job.name for job in jobs], find_gate(rungs))
        if images:
            jobs += list_deliveries(rungs, ci["integration"])
    return {
        "jobs": [job.describe() for job in jobs],
        "stages": list(dict.fromkeys(job.stage for job in jobs)),
        "registry": describe_registry(ci["registry"])._asdict() if ci.get("registry") else None,
        "toolchain": _find_toolchain(contexts),
        "images": ci["images"],
        "actions": ci["actions"],
        "runners": ci["runners"],
        "cache": build["cache"] if build else "none",
        "packages": build["packages"] if build else "none",
        "targets": [rung.facts for rung in rungs],
        "platform": describe_platform(speaker),
        "vault": _find_vault(speaker),
        "oidc": ci.get("oidc"),
        "terraform": (speaker.get("terraform") or {}).get("version"),
        "roots": [root.describe() for root in list_roots(contexts)],
        "frozen": FROZEN,
        "version": __version__,
    }


def list_built(contexts: Mapping[str, Facts], registry: str) -> list[Built]:
    """The images that are built here, each once."""
    built = {
        recipe["image"]: Built(folder, recipe["image"])
        for context in contexts.values()
        for folder, recipe in sorted(_list_recipes(context))
        if recipe["image"].startswith(f"{registry}/")
    }
    return [built[repository] for repository in sorted(built)]


def _list_recipes(context: Facts) -> list[tuple[str, Facts]]:
    """The recipes of an environment, each with the service whose folder below docker/ has the Dockerfile."""
    return [(name, service["recipe"]) for name, service in context["services"].items() if "recipe" in service]


def _find_toolchain(contexts: Mapping[str, Facts]) -> Facts | None:
    recipes = (recipe for context in contexts.values() for _, recipe in _list_recipes(context))
    return next((recipe["cpp"] for recipe in recipes if "cpp" in recipe), None)


def describe_platform(context: Facts) -> Facts:
    """Where the specs lie, from gitops.repoURL."""
    url = str(context["gitops"]["repoURL"])
    match = SCP.fullmatch(url) if "://" not in url else None
    host, path = (match["host"], match["path"]) if match else (urlsplit(url).netloc, urlsplit(url).path)
    host, project = host.rpartition("@")[2], path.strip("/").removesuffix(".git")
    # SSH has a port of its own; that of HTTPS is kept.
    name = host if url.startswith("https://") else host.partition(":")[0]
    return {
        # Pipelines come by HTTPS with a token, whatever way Argo CD takes.
        "url": f"https://{name}/{project}.git",
        "server": f"https://{name}",
        "host": name,
        "project": project,
        "branch": str(context["gitops"]["revision"]),
        "rendered": RENDERED,
    }


def _find_vault(context: Facts) -> Facts | None:
    """Where jobs get their credentials, for a token of their own; None where the secrets are kept elsewhere."""
    secrets = context.get("secrets") or {}
    if secrets.get("backend") != "vault":
        return None
    vault = secrets["vault"]
    return {"address": vault["address"], "mount": vault["mount"], "path": f"{secrets['path']}/pipelines"}
