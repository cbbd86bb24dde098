"""`hftgen schema`: the JSON Schema of specs, for editors and other tools."""

import json

import click


@click.command()
@click.option("--resolved", is_flag=True, help="Describe the merged spec in its long form instead of one file.")
def schema(*, resolved: bool) -> None:
    """Print the JSON Schema (2020-12) of a spec file."""
    from hftgen.spec.schema import schema as describe

    click.echo(json.dumps(describe(resolved=resolved), indent=2, ensure_ascii=False))
