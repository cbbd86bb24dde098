"""`hftgen validate`: every check, with the outside tools that are found; writes nothing."""

import os
from pathlib import Path
from typing import Any

import click

from hftgen.cli.options import FOLDER, add_folders, add_format, add_jobs, add_today, build_request
from hftgen.cli.printing import Progress, print_validation
from hftgen.reading import find_repository
from hftgen.run import Listener


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option(
    "--crds",
    type=FOLDER,
    multiple=True,
    show_default="crds beside specs, if it exists",
    help="Folder of CustomResourceDefinitions; a cluster's: kubectl get crd -o json > crds/cluster.json",
)
@click.option("--tools", type=FOLDER, help="Folder of outside tools, before those on PATH.")
@add_jobs
@add_folders
@add_today
@add_format("text", "json")
@click.pass_context
def validate(
    ctx: click.Context,
    /,
    *,
    crds: tuple[Path, ...],
    tools: Path | None,
    jobs: int,
    output_format: str,
    **options: Any,
) -> None:
    """Check what the specs of the given environments (of all, without any) compile to, and the rendered tree."""
    from hftgen.validation import ValidationRequest
    from hftgen.validation import validate as run

    render = build_request(**options)._replace(check=True, jobs=jobs)
    own = Path(find_repository(render.specs)) / "crds"
    search = os.pathsep.join([*([str(tools.absolute())] if tools else []), os.environ.get("PATH", os.defpath)])
    kept = Path(render.cache).parent / "schemas" if render.cache else None
    folders = [*(("--crds", folder) for folder in crds), *([("--tools", tools)] if tools else [])]
    request = ValidationRequest(render, crds or ((own,) if own.is_dir() else ()), kept, search, tuple(folders))
    with Progress() as progress:
        validation = run(request, Listener(say=progress.say, advance=progress.advance))
    print_validation(validation, output=render.output, output_format=output_format)
    ctx.exit(0 if validation.is_passed() else 1)
