"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_FOLDER = click.Path(path_type=Path)


def add_folders(command: F) -> F:
    """`--specs`, `--templates`, `--packaged`, `--policies`, `--output`."""
    for option in reversed(
        (
            click.option("--specs", type=_FOLDER, default=Path("specs"), show_default=True, help="Folder of the specs."),
            click.option(
                "--templates",
                type=_FOLDER,
                default=Path("templates"),
                show_default=True,
                help="Folder of the repository's own templates; each beats a packaged one of the same output.",
            ),
            click.option(
                "--packaged/--no-packaged",
                default=True,
                show_default=True,
                help="Whether hftgen's own templates and policies take part.",
            ),
            click.option(
                "--policies",
                type=_FOLDER,
                default=Path("policies"),
                show_default=True,
                help="Folder of the repository's own policies.",
            ),
            click.option(
                "--output",
                type=_FOLDER,
                default=Path("rendered"),
                show_default=True,
                help="Folder that holds one folder for each environment.",
            ),
        )
    ):
        command = option(command)
    return command


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
