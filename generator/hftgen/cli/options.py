"""Options that several commands share, and the one request that they become."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from hftgen import packaged
from hftgen.run import Request

F = TypeVar("F", bound=Callable[..., Any])


class _Folder(click.Path):
    """A folder's path. Empty text (`--output "$UNSET"`) is no name of the folder that one stands in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name of a folder is empty; write . for the one you are in", param, ctx)
        return super().convert(value, param, ctx)


FOLDER = _Folder(path_type=Path)


def add_folders(command: F) -> F:
    """`--specs`, `--templates`, `--policies`, `--packaged`, `--output`."""
    options = (
        click.option("--specs", type=FOLDER, default=Path("specs"), show_default=True, help="Folder of the specs."),
        click.option(
            "--templates",
            type=FOLDER,
            show_default="templates, if it exists",
            help="Folder of the repository's own templates; each beats a packaged one of the same output.",
        ),
        click.option(
            "--policies",
            type=FOLDER,
            show_default="policies, if it exists",
            help="Folder of the repository's own policies.",
        ),
        click.option(
            "--packaged/--no-packaged",
            "with_packaged",
            default=True,
            show_default=True,
            help="Whether the templates and policies that come with hftgen take part.",
        ),
        click.option(
            "--output",
            type=FOLDER,
            default=Path("rendered"),
            show_default=True,
            help="Folder that holds a folder for each environment.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def add_jobs(command: F) -> F:
    """`--jobs`, how much is done at once."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        show_default="one a processor",
        help="How many environments are compiled at once.",
    )(command)


def add_today(command: F) -> F:
    """`--as-of`, the only way in which today enters."""
    return click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=lambda _ctx, _parameter, value: value.date() if value else read_today(),
        show_default="SOURCE_DATE_EPOCH, else today",
        help="The day that findings are judged by; it never changes a rendered byte.",
    )(command)


def add_format(*choices: str) -> Callable[[F], F]:
    """`--format`, the first choice by default; kept in the context, so that errors speak it too."""

    def keep(ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
        ctx.meta["format"] = value
        return value

    def decorate(command: F) -> F:
        return click.option(
            "--format",
            "output_format",
            type=click.Choice(choices),
            default=choices[0],
            show_default=True,
            is_eager=True,
            callback=keep,
            help="How the answer is written.",
        )(command)

    return decorate


def build_request(
    *,
    specs: Path,
    templates: Path | None,
    policies: Path | None,
    with_packaged: bool,
    output: Path,
    as_of: date,
    environments: tuple[str, ...] = (),
) -> Request:
    """The frozen request of a command; one's own folders come before the packaged ones."""
    caches = _find_caches()
    return Request(
        specs=specs,
        templates=_list_folders(templates, "templates", packaged.templates() if with_packaged else None),
        policies=_list_folders(policies, "policies", packaged.policies() if with_packaged else None),
        output=output,
        as_of=as_of,
        environments=environments,
        cache=os.path.join(caches, "environments") if caches else None,
        calendars=os.path.join(caches, "calendars") if caches else None,
    )


def read_today() -> date:
    """The day of SOURCE_DATE_EPOCH, else the UTC date."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, no number of seconds since 1970") from None


def _list_folders(own: Path | None, default: str, packaged_folder: Path | None) -> tuple[Path, ...]:
    """The folders in their order, each once: in hftgen's own repository the packaged folder is the repository's."""
    first = own if own is not None else Path(default) if Path(default).is_dir() else None
    real = {os.path.realpath(folder): folder for folder in (packaged_folder, first) if folder is not None}
    return tuple(reversed(real.values()))


def _find_caches() -> str | None:
    """Where a cache lies by the XDG rules; None where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(base, "hftgen") if base else None
