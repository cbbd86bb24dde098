"""The `hftgen` command: registers the commands, and turns every error into its exit code."""

import json
import sys
from contextlib import suppress
from typing import Any

import click

from hftgen import __version__
from hftgen.cli.printing import VERSION, format_finding
from hftgen.cli.render import render
from hftgen.cli.schema import schema
from hftgen.cli.show import show
from hftgen.cli.validate import validate
from hftgen.errors import BlockedError, HftgenError, InputError, MachineError

BUG = 3
MACHINE = MachineError.exit_code
INTERRUPTED = 130


class Commands(click.Group):
    """A group whose commands end with the exit codes of the public contract (docs/design, section 6)."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; 1 findings, 2 bad input, 3 a bug of ours, 4 the machine refused, 130 interrupted."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # The reader of our answer went away (`hftgen show ... | head`): nobody is left to tell.
            sys.stdout = None
            ctx.exit(0)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever is not known is ours to mend
            # Where nobody listens any more, the exit code still tells.
            with suppress(OSError):
                _say(ctx, error)
            ctx.exit(_choose_code(error))


def _choose_code(error: BaseException) -> int:
    if isinstance(error, HftgenError):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    return MACHINE if isinstance(error, OSError) else BUG


def _say(ctx: click.Context, error: BaseException) -> None:
    """In the format that was asked for what a program may want to read; anything else in text."""
    if isinstance(error, OSError):
        error = MachineError("go on", str(error.filename or "the machine"), error.strerror or str(error))
    rows = _describe(error)
    if rows and ctx.meta.get("format") == "json":
        click.echo(json.dumps({"version": VERSION, **rows}, indent=2, ensure_ascii=False))
    elif isinstance(error, BlockedError):
        for finding in error.findings:
            click.echo(format_finding(finding), err=True)
        click.echo("Nothing was written: mend what blocks, or waive it in the spec.", err=True)
    elif isinstance(error, HftgenError):
        click.echo(str(error), err=True)
    elif _choose_code(error) == INTERRUPTED:
        click.echo("interrupted: nothing is half written; the next command tidies up", err=True)
    else:
        _say_bug()


def _describe(error: BaseException) -> dict[str, Any]:
    if isinstance(error, InputError):
        return {"problems": [problem._asdict() for problem in error.problems]}
    if isinstance(error, BlockedError):
        return {"findings": [finding._asdict() for finding in error.findings]}
    if isinstance(error, MachineError):
        fields = ("file", "action", "reason", "hint")
        return {"error": {field: getattr(error, field) for field in fields}}
    return {}


def _say_bug() -> None:
    import traceback

    click.echo(traceback.format_exc(), err=True)
    click.echo(f"This is a bug of hftgen {__version__}, not of your specs: please report the lines above.", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hftgen")
def cli() -> None:
    """Compile one typed spec per environment into everything that delivers a trading platform."""


cli.add_command(render)
cli.add_command(schema)
cli.add_command(show)
cli.add_command(validate)
