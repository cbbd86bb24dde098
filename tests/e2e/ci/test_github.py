"""GitHub's workflows: by the schema, by actionlint with shellcheck, and by zizmor's strictest persona."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools import pins
from tests.tools.process import Done, run

pytestmark = pytest.mark.delivery

# Both want a form that our files cannot have: reasons stand above their line, not behind it; and actionlint knows no
# `$/` before a workflow of the same repository.
UNASKED = "rules:\n  undocumented-permissions: {disable: true}\n  self-repository: {disable: true}\n"


def test_the_schema_takes_them(repository: Path) -> None:
    """GitHub's own schema of workflows."""
    check = Path(sys.executable).with_name("check-jsonschema")
    done = run([check, "--builtin-schema", "vendor.github-workflows", *list_workflows(repository)])
    assert done.code == 0, done.both()


def test_actionlint_finds_nothing(repository: Path) -> None:
    """Types of expressions, contexts, needs, inputs of called workflows, and every script by shellcheck."""
    done = lint(repository)
    assert done.code == 0, done.both()


def test_actionlint_sees_a_mistake(project: Path) -> None:
    """An output that no job has, and a script with a word that splits, are found."""
    file = list_workflows(project)[0]
    text = file.read_text(encoding="utf-8").replace(
        "run: bash ci", "run: echo $UNQUOTED ${{ needs.nobody.outputs.x }}; bash ci"
    )
    text = text.replace("run: python3 ci", "run: echo ${{ needs.nobody.outputs.x }}; python3 ci")
    file.write_text(text, encoding="utf-8")
    assert lint(project).code == 1


def test_zizmor_finds_nothing(project: Path) -> None:
    """Injections, permissions, credentials that stay, caches that can be poisoned, what is not pinned."""
    done = scan(project)
    assert done.code == 0, done.both()
    assert "No findings to report" in done.both()


def test_zizmor_sees_a_mistake(project: Path) -> None:
    """A tag instead of a commit is found, and so is an input that becomes a piece of a script."""
    file = project / ".github" / "workflows" / "deliver.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"actions/checkout@[0-9a-f]{40}", "actions/checkout@v5", text, count=1), encoding="utf-8")
    assert "unpinned-uses" in scan(project).both()
    file.write_text(text.replace('"$TARGET"', '"${{ inputs.environment }}"'), encoding="utf-8")
    assert "template-injection" in scan(project).both()


def test_no_job_may_more_than_it_must(repository: Path) -> None:
    """Nothing at the top; reading in each job; an identity only where something is logged in to, never in a check."""
    for file in list_workflows(repository):
        workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {}, file.name
        for name, job in workflow["jobs"].items():
            assert job["permissions"]["contents"] == "read", name
            writes = {key for key, level in job["permissions"].items() if level == "write"}
            assert writes <= {"id-token", "security-events", "packages"}, name
    checks = yaml.safe_load((repository / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]
    fork = [job for job in checks.values() if "pull_request" in job.get("if", "pull_request")]
    assert fork
    assert [job for job in fork if "id-token" in job["permissions"]] == []


LEVELS = ("none", "read", "write")


def test_who_calls_grants_what_is_asked(repository: Path, crowd: Path) -> None:
    """GitHub refuses a whole workflow where one job of the called one asks for more than its caller has."""
    for folder in (repository / ".github" / "workflows", crowd / "github"):
        called = yaml.safe_load((folder / "deliver.yml").read_text(encoding="utf-8"))["jobs"].values()
        for name in ("ci.yml", "release.yml"):
            jobs = yaml.safe_load((folder / name).read_text(encoding="utf-8"))["jobs"].values()
            for caller in [job for job in jobs if "uses" in job]:
                for right, level in [item for job in called for item in job["permissions"].items()]:
                    assert LEVELS.index(level) <= LEVELS.index(caller["permissions"].get(right, "none")), (name, right)


def test_secrets_of_an_environment_reach_the_called_workflow(repository: Path) -> None:
    """GitHub hides them from a called workflow, unless whoever calls names them and the called one declares them."""
    folder = repository / ".github" / "workflows"
    text = (folder / "deliver.yml").read_text(encoding="utf-8")
    read = set(re.findall(r"secrets[.](\w+)", text))
    workflow = yaml.safe_load(text)
    assert read
    assert set(workflow["on"]["workflow_call"]["secrets"]) == read
    for name in ("ci.yml", "release.yml"):
        jobs = yaml.safe_load((folder / name).read_text(encoding="utf-8"))["jobs"].values()
        for caller in [job for job in jobs if "uses" in job]:
            assert caller["secrets"] == {each: f"${{{{ secrets.{each} }}}}" for each in read}


def test_no_run_is_dropped_for_one_that_does_not_do_its_work(repository: Path) -> None:
    """Of those that wait in a group GitHub keeps the last: a night's run must not end a push's, nor a plan an apply."""
    folder = repository / ".github" / "workflows"
    texts = {name: yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in ("ci.yml", "platform.yml")}
    assert "github.event_name" in texts["ci.yml"]["concurrency"]["group"]
    assert "github.run_id" in texts["platform.yml"]["concurrency"]["group"]
    assert "concurrency" not in texts["ci.yml"]["jobs"].get("benchmark", {})


def test_a_person_approves_production(repository: Path) -> None:
    """What is delivered works in the target's own environment, which GitHub protects; only production is not merged."""
    workflow = yaml.safe_load((repository / ".github" / "workflows" / "deliver.yml").read_text(encoding="utf-8"))
    assert {job["environment"] for job in workflow["jobs"].values()} == {"${{ inputs.environment }}"}
    release = yaml.safe_load((repository / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    calls: dict[str, Any] = {name: job for name, job in release["jobs"].items() if "uses" in job}
    assert [job["with"]["merge"] for job in calls.values()] == [False]


def lint(project: Path) -> Done:
    """actionlint over all workflows."""
    return run([pins.BIN / "actionlint", "-shellcheck", pins.PYTHON / "bin" / "shellcheck", "-no-color"], cwd=project)


def scan(project: Path) -> Done:
    """zizmor over all workflows, without a network."""
    (project / ".github" / "zizmor.yml").write_text(UNASKED, encoding="utf-8")
    command: list[str | Path] = [
        pins.PYTHON / "bin" / "zizmor",
        "--offline",
        "--persona",
        "pedantic",
        "--color",
        "never",
        ".",
    ]
    return run(command, cwd=project)


def list_workflows(project: Path) -> list[Path]:
    """All workflows, the first that compiles or delivers first."""
    return sorted((project / ".github" / "workflows").glob("*.yml"))
