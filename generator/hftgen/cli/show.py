"""`hftgen show`: the value of a stage, which is how a spec or a template is debugged."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hftgen.cli.options import add_folders, add_format, add_today, build_request
from hftgen.cli.printing import Progress, print_value
from hftgen.errors import format_path, format_place
from hftgen.reading import find_repository
from hftgen.run import Listener

if TYPE_CHECKING:
    from hftgen.run import Request
    from hftgen.spec.node import Node


@click.command()
@click.argument("stage", type=click.Choice(["spec", "context", "artifacts"]))
@click.argument("environment", metavar="ENV")
@click.option("--origins", is_flag=True, help="With spec: each value with the place that it comes from.")
@add_folders
@add_today
@add_format("yaml", "json")
def show(*, stage: str, environment: str, origins: bool, output_format: str, **options: Any) -> None:
    """Print a stage of an environment: its resolved spec, what templates know, or the files that it makes."""
    if origins and stage != "spec":
        raise click.UsageError("--origins goes with `show spec`: facts and files have no single place in a spec")
    request = build_request(**options, environments=(environment,))
    if stage == "artifacts":
        print_value(_describe_artifacts(request), output_format)
    elif origins:
        print_value(_describe_origins(request), output_format)
    else:
        print_value(_describe_stage(request, stage), output_format)


def _describe_stage(request: "Request", stage: str) -> Any:
    from hftgen.calendars import Calendars
    from hftgen.facts.derive import derive
    from hftgen.spec.load import Sources, load

    loaded = load(request.specs, request.environments[0], Sources())
    if stage == "context":
        context = derive(loaded, Calendars(Path(request.calendars) if request.calendars else None))
        # As templates get it: plain JSON, without the units' own types.
        return json.loads(json.dumps(context))
    spec = loaded.environment.model_dump(mode="json", by_alias=True, exclude_none=True)
    for service in spec["services"].values():
        # An empty mapping would say "nowhere"; left out it says what is meant, and what is shown can be read again.
        if not service["clusters"]:
            del service["clusters"]
    return spec


def _describe_origins(request: "Request") -> dict[str, Any]:
    """Each value that a spec says, by its path: the text as written, and where."""
    from hftgen.spec.load import Sources, load

    root = load(request.specs, request.environments[0], Sources()).root
    return {
        format_path(path): {"value": node.value, "origin": format_place(node.file, node.line, node.column)}
        for path, node in _walk(root, ())
    }


def _walk(node: "Node", path: tuple[str | int, ...]) -> "Iterator[tuple[tuple[str | int, ...], Node]]":
    if isinstance(node.value, str) or not node.value:
        yield path, node
        return
    children = node.value.items() if isinstance(node.value, dict) else enumerate(node.value)
    for key, child in children:
        yield from _walk(child, (*path, key))


def _describe_artifacts(request: "Request") -> list[dict[str, Any]]:
    from hftgen.compilation import compile_all

    with Progress() as progress:
        listener = Listener(say=progress.say, advance=progress.advance)
        root = Path(find_repository(request.specs))
        outcomes = compile_all(request, root, request.environments, listener)
    return [
        {"path": path, "bytes": len(data), "lines": data.count(b"\n")}
        for outcome in outcomes
        for path, data in outcome.files.items()
    ]
