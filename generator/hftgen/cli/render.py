"""`hftgen render`: compile the environments and write what changed."""

import sys
from pathlib import Path
from typing import Any

import click

from hftgen.cli.options import add_folders, add_format, add_jobs, add_today, build_request
from hftgen.cli.printing import Progress, print_report
from hftgen.run import Listener
from hftgen.run import render as run


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--check", is_flag=True, help="Write nothing; say what would change, and exit with 1 if anything would.")
@add_jobs
@click.option("--no-cache", is_flag=True, help="Render everything anew, and remember nothing.")
@add_folders
@add_today
@add_format("text", "json")
@click.pass_context
def render(
    ctx: click.Context, /, *, check: bool, jobs: int, no_cache: bool, output_format: str, **options: Any
) -> None:
    """Compile the specs of the given environments (of all, without any) into the rendered tree."""
    request = build_request(**options)._replace(check=check, jobs=jobs)
    if no_cache:
        request = request._replace(cache=None)
    with Progress() as progress:
        report = run(request, Listener(say=progress.say, advance=progress.advance))
    try:
        print_report(report, output=Path(request.output), check=check, output_format=output_format)
    except BrokenPipeError:
        # Whoever stops reading (`--check | head`) still learns by the exit code that there are changes.
        sys.stdout = None
    ctx.exit(1 if check and report.is_changed() else 0)
