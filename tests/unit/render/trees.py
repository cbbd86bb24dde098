"""Template trees made in a test's folder, and a context to render them with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hftgen.errors import InputError, format_problem
from hftgen.render.run import Renderer
from hftgen.render.templates import TemplateSet, discover

Files = Mapping[str, str | bytes]


def service(name: str, replicas: int = 1) -> dict[str, Any]:
    """A service as templates see it, in as far as these tests need it."""
    return {"name": name, "replicas": replicas}


CONTEXT: dict[str, Any] = {
    "project": "shop",
    "environment": "production",
    "services": {"web": service("web"), "api": service("api")},
    "clusters": {
        "west": {"name": "west", "services": {"web": service("web", 7)}, "pools": {"fast": {"name": "fast"}}},
        "east": {
            "name": "east",
            "services": {"api": service("api", 2), "web": service("web", 2)},
            "pools": {"slow": {"name": "slow"}, "fast": {"name": "fast"}},
            "addons": {"dns": {"name": "dns"}},
        },
    },
}


def write_tree(folder: Path, files: Files) -> Path:
    """The folder with these files in it."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def find_templates(base: Path, *origins: Files) -> TemplateSet:
    """What is discovered in origins with these files: the first is `templates`, then `packaged`."""
    folders = [write_tree(base / name, files) for name, files in zip(("templates", "packaged"), origins, strict=False)]
    return discover(folders, base)


def render(base: Path, *origins: Files) -> dict[str, bytes]:
    """Path → bytes of production rendered with such origins."""
    artifacts = Renderer(find_templates(base, *origins)).render_environment("production", CONTEXT)
    return {artifact.path: artifact.data for artifact in artifacts}


def fail(base: Path, *origins: Files) -> str:
    """The text of the error that rendering ends with."""
    try:
        made = render(base, *origins)
    except InputError as error:
        return "\n".join(format_problem(problem) for problem in error.problems)
    raise AssertionError(f"no error, but {sorted(made)}")
