"""The `hftgen` command: registers the commands, and turns every error into its exit code."""

import json
import sys
from typing import Any

import click

from hftgen import __version__
from hftgen.cli.printing import VERSION, format_finding
from hftgen.cli.render import render
from hftgen.cli.schema import schema
from hftgen.cli.show import show
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
        except HftgenError as error:
            _say_error(ctx, error)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted: nothing is half written; the next command tidies up", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader of our answer went away (`hftgen show ... | head`): nobody is left to tell.
            sys.stdout = None
            ctx.exit(0)
        except OSError as error:
            click.echo(f"{error.filename or 'the machine'}: {error.strerror or error}", err=True)
            ctx.exit(MACHINE)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception:  # noqa: BLE001 - whatever else it is, it is ours to mend
            _say_bug()
            ctx.exit(BUG)


def _say_error(ctx: click.Context, error: HftgenError) -> None:
    """Problems and blocking findings in the format that was asked for; anything else in text."""
    rows: dict[str, list[dict[str, Any]]] = {}
    if isinstance(error, InputError):
        rows["problems"] = [problem._asdict() for problem in error.problems]
    elif isinstance(error, BlockedError):
        rows["findings"] = [finding._asdict() for finding in error.findings]
    if rows and ctx.meta.get("format") == "json":
        click.echo(json.dumps({"version": VERSION, **rows}, indent=2, ensure_ascii=False))
    elif isinstance(error, BlockedError):
        for finding in error.findings:
            click.echo(format_finding(finding), err=True)
        click.echo("Nothing was written: mend what blocks, or waive it in the spec.", err=True)
    else:
        click.echo(str(error), err=True)


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


def main() -> None:
    """Entry point of the `hftgen` script."""
    cli()
