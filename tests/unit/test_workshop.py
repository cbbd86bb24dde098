"""The files that set up and check this project are right themselves."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

_REPOSITORY = Path(__file__).resolve().parents[2]
_LOCKS = [_REPOSITORY / "requirements.lock", *sorted(_REPOSITORY.glob("tests/*/*.lock"))]
_PIPELINES = [_REPOSITORY / ".gitlab-ci.yml", *sorted((_REPOSITORY / "rendered").glob("repository/ci/gitlab.yml"))]
_PROGRAMS = Path(sys.executable).parent


def _run(*command: str | Path) -> str:
    """What a command of the environment prints; it must succeed."""
    done = subprocess.run([*command], capture_output=True, text=True, check=False, cwd=_REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _locked(file: Path) -> dict[str, list[str]]:
    """The lines of each package in a lock file: `name==version` and its hashes."""
    entries: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", file.read_text(encoding="utf-8")):
        head, *rest = entry.splitlines()
        entries[head.removesuffix("\\").strip()] = [line.strip() for line in rest if not line.strip().startswith("#")]
    return entries


@pytest.mark.parametrize("file", _PIPELINES, ids=lambda file: str(file.relative_to(_REPOSITORY)))
def test_gitlab_knows_every_key_of_the_pipeline(file: Path) -> None:
    """Our own pipeline and the rendered one are right by GitLab's own schema."""
    _run(_PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", file)


def test_the_pipeline_calls_targets_that_exist() -> None:
    """A job runs what people run: each command is a make target or the program that make sets up."""
    pipeline = yaml.safe_load((_REPOSITORY / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    jobs = [job for job in pipeline.values() if isinstance(job, dict) and "script" in job]
    commands = {command for job in jobs for command in job["script"]}
    targets = set(re.findall(r"^([a-z0-9]+):", (_REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = {command.removeprefix("make ") for command in commands if command.startswith("make ")}
    assert called <= targets
    assert {job["stage"] for job in jobs} == set(pipeline["stages"])
    assert {command for command in commands if not command.startswith("make ")} == {".venv/bin/hftgen render --check"}


def test_make_says_what_it_can_do() -> None:
    """`make` alone lists every target that is meant for people."""
    text = (_REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    listed = re.findall(r"^  make (\S+) ", _run("make", "--no-print-directory"), re.MULTILINE)
    assert listed == phony.split()


def test_pre_commit_takes_both_of_its_files() -> None:
    """The hooks we use and the hook we offer are right by pre-commit's own rules, and are the same command."""
    _run(_PROGRAMS / "pre-commit", "validate-config", ".pre-commit-config.yaml")
    _run(_PROGRAMS / "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")
    (offered,) = yaml.safe_load((_REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    config = yaml.safe_load((_REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    used = {hook["id"]: hook for repo in config["repos"] for hook in repo["hooks"]}[offered["id"]]
    assert used["entry"] == f".venv/bin/{offered['entry']}"
    assert used["pass_filenames"] is offered["pass_filenames"] is False


@pytest.mark.parametrize("file", _LOCKS, ids=lambda file: str(file.relative_to(_REPOSITORY)))
def test_a_lock_pins_by_hash_and_names_no_address(file: Path) -> None:
    """Each package stands once at one version with its hashes; where it comes from is the machine's setting."""
    entries = _locked(file)
    assert entries
    for head, hashes in entries.items():
        assert re.fullmatch(r"[a-z0-9.-]+==[^ ;]+( ; .+)?", head)
        assert hashes, head
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes), head
    assert "//" not in file.read_text(encoding="utf-8")


def test_the_lock_holds_what_the_project_asks_for() -> None:
    """Every dependency, extra and build requirement is in the lock at a version that the project accepts."""
    project = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    wanted += [name for extra in project["project"]["optional-dependencies"].values() for name in extra]
    versions = dict(head.split(" ;")[0].split("==") for head in _locked(_LOCKS[0]))
    for requirement in map(Requirement, wanted):
        version = Version(versions[canonicalize_name(requirement.name)])
        assert requirement.specifier.contains(version, prereleases=True), requirement


def test_the_environment_is_the_locked_one() -> None:
    """Tests judge the versions that the lock names, not others that happen to be installed."""
    installed: dict[str, str] = {canonicalize_name(found.name): found.version for found in distributions()}
    locked = dict(head.split(" ;")[0].split("==") for head in _locked(_LOCKS[0]) if " ;" not in head)
    assert {name: installed.get(name) for name in locked} == locked
