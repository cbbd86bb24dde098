"""The command as people and programs see it: answers, exit codes, formats."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hftgen import __version__
from hftgen.check.finding import Finding
from hftgen.cli.main import cli

SPEC = """\
apiVersion: hftgen/v1
project: shop
environment: {name}
tier: development
gitops: {{repoURL: "https://git.example.com/shop.git"}}
kubernetes: {{version: "1.36"}}
clusters: {{local: {{cloud: kind}}}}
services: {{web: {{image: "example.com/web:1", replicas: {replicas}}}}}
"""
SLOW = "function(env) { sum: std.foldl(function(a, b) a + b, std.range(1, 100000000), 0) }"
TEMPLATE = "function(env) { replicas: env.services.web.replicas }"

Run = Callable[..., Result]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of one environment and one template of its own."""
    for folder in (".git", "specs", "templates"):
        (tmp_path / folder).mkdir()
    write_spec(tmp_path, "one")
    (tmp_path / "templates" / "web.yaml.jsonnet").write_text(TEMPLATE)
    return tmp_path


@pytest.fixture
def run(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in that repository, with its own templates alone."""
    monkeypatch.chdir(repository)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(cli, [*words, *(["--no-packaged"] if words[0] in {"render", "show"} else [])])

    return invoke


def write_spec(repository: Path, name: str, replicas: int = 1) -> None:
    """An environment's spec."""
    (repository / "specs" / f"{name}.yaml").write_text(SPEC.format(name=name, replicas=replicas))


def test_a_render_is_one_line_an_environment(run: Run, repository: Path) -> None:
    """Files added, changed, removed, unchanged and seconds, on stdout; nothing on stderr."""
    result = run("render")
    assert result.exit_code == 0
    assert result.stdout.startswith("one: 2 added, 0 changed, 0 removed, 0 unchanged (")
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    text = (repository / "rendered" / "one" / "web.yaml").read_text()
    assert text.endswith("replicas: 1\n")
    assert "0 added, 0 changed, 0 removed, 2 unchanged" in run("render").stdout


def test_a_check_writes_nothing_and_shows_the_difference(run: Run, repository: Path) -> None:
    """Exit 1 with changes, each path with a mark, and the lines that differ; 0 without."""
    run("render")
    assert run("render", "--check").exit_code == 0
    write_spec(repository, "one", replicas=3)
    result = run("render", "--check")
    assert result.exit_code == 1
    assert "one: would be 0 added, 1 changed, 0 removed, 1 unchanged" in result.stdout
    assert "~ rendered/one/web.yaml" in result.stdout
    assert "-replicas: 1\n+replicas: 3\n" in result.stdout
    assert "replicas: 1" in (repository / "rendered" / "one" / "web.yaml").read_text()


def test_an_environment_without_a_spec_goes(run: Run, repository: Path) -> None:
    """It is said by name; only a render of all removes it; a folder without the marker stays."""
    write_spec(repository, "two")
    run("render")
    (repository / "rendered" / "notes").mkdir()
    (repository / "specs" / "two.yaml").unlink()
    assert run("render", "one").exit_code == 0
    assert (repository / "rendered" / "two").exists()
    result = run("render")
    assert "two: 0 added, 0 changed, 2 removed, 0 unchanged" in result.stdout
    assert "it has no spec any more" in result.stdout
    assert {path.name for path in (repository / "rendered").iterdir()} == {"notes", "one"}


def test_what_terraform_leaves_is_no_difference(run: Run, repository: Path) -> None:
    """Neither a check nor a render says a word of a state, and neither takes it away."""
    run("render")
    state = repository / "rendered" / "one" / "terraform.tfstate"
    state.write_text("{}")
    result = run("render", "--check")
    assert (result.exit_code, "tfstate" in result.output) == (0, False)
    assert "0 added, 0 changed, 0 removed, 2 unchanged" in run("render").stdout
    (repository / "specs" / "one.yaml").rename(repository / "specs" / "other.yaml")
    write_spec(repository, "other")
    assert "one: 0 added, 0 changed, 2 removed, 0 unchanged" in run("render").stdout
    assert state.read_text() == "{}"


def test_what_goes_is_named(run: Run, repository: Path) -> None:
    """The files of a service that is no more go, and each is said."""
    template = repository / "templates" / "[service].json.jsonnet"
    template.write_text("function(env, service) {}")
    spec = repository / "specs" / "one.yaml"
    spec.write_text(spec.read_text().replace("services: {", 'services: {old: {image: "example.com/old:1"}, '))
    run("render")
    assert (repository / "rendered" / "one" / "old.json").exists()
    write_spec(repository, "one")
    result = run("render")
    assert "one: 0 added, 0 changed, 1 removed, 3 unchanged" in result.stdout
    assert result.stdout.endswith("\n  - rendered/one/old.json\n")
    assert not (repository / "rendered" / "one" / "old.json").exists()


def test_unknown_environments_name_the_known(run: Run) -> None:
    """Exit 2, and the answer says which there are."""
    result = run("render", "onee")
    assert result.exit_code == 2
    assert "found: onee\n    expected: one\n    hint: did you mean one?" in result.stderr


def test_json_is_one_document(run: Run, repository: Path) -> None:
    """Answers and problems alike have a version."""
    answer = json.loads(run("render", "--format", "json").stdout)
    assert (answer["version"], answer["changed"]) == (1, True)
    assert answer["environments"][0]["added"] == [".hftgen", "web.yaml"]
    (repository / "specs" / "one.yaml").write_text("environment: one\ncolour: red\n")
    result = run("render", "--format", "json")
    problems = json.loads(result.stdout)
    assert result.exit_code == 2
    assert problems["version"] == 1
    assert ("specs/one.yaml", 2, "colour") in {(row["file"], row["line"], row["path"]) for row in problems["problems"]}


def test_every_folder_that_is_named_must_be_there(run: Run) -> None:
    """A typo is an error, not an empty tree."""
    for option in ("--specs", "--templates", "--policies"):
        result = run("render", option, "nowhere")
        assert result.exit_code == 2, option
        assert "nowhere" in result.stderr


def test_the_machine_is_quoted_in_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine refused is one document too, with its fields."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "rendered/one")

    monkeypatch.setattr("hftgen.tree.transaction.write_file", fail)
    result = run("render", "--format", "json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 4
    assert answer["version"] == 1
    assert set(answer["error"]) == {"file", "action", "reason", "hint"}
    assert answer["error"]["reason"] == "No space left on device"


def test_a_data_folder_is_read_for_tables_alone(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that come, change or go are noticed, wherever the command runs; what else the folder holds is not read."""
    data = repository / "data"
    data.mkdir()
    (data / "prices.csv").symlink_to("/nowhere")
    assert run("render").exit_code == 0
    table = data / "machines.yaml"
    table.write_text("small: {cloud: aws, cpus: 2, memory: 8Gi, threads: 2}\n")
    assert run("render").exit_code == 0
    table.write_text("small: {cloud: aws, cpus: none, memory: 8Gi, threads: 2}\n")
    assert "data/machines.yaml:1:27: small.cpus" in run("render").stderr
    monkeypatch.chdir(repository / "specs")
    assert "data/machines.yaml:1:27: small.cpus" in run("render", "--specs", ".", "--output", "../rendered").stderr
    table.unlink()
    assert run("render", "--specs", ".", "--output", "../rendered").exit_code == 0


def test_names_that_cannot_be(run: Run) -> None:
    """An environment's name of any length is unknown; a folder without a name is a usage error."""
    assert "no such environment" in run("render", "x" * 300).stderr
    assert run("render", "x" * 300).exit_code == 2
    for option in ("--specs", "--templates", "--output"):
        assert run("render", option, "").exit_code == 2


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_files_are_no_bug(repository: Path, closed: str) -> None:
    """A caller may close any standard file: the render is the same, and nothing that is said lands in an output."""
    hftgen = Path(sys.executable).with_name("hftgen")
    command = f"{hftgen} render --no-packaged --no-cache {closed}"
    assert subprocess.run(["sh", "-c", command], cwd=repository, check=False).returncode == 0
    files = {path.name for path in (repository / "rendered").rglob("*") if path.is_file()}
    assert files == {".hftgen", "web.yaml"}
    assert (repository / "rendered" / "one" / "web.yaml").read_text().endswith("\nreplicas: 1\n")


def test_nobody_listens_but_the_exit_code_tells(repository: Path) -> None:
    """A reader that goes away, or a full disk behind stderr, hides neither changes nor problems."""
    hftgen = Path(sys.executable).with_name("hftgen")

    def run(words: str) -> int:
        command = ["bash", "-o", "pipefail", "-c", f"{hftgen} {words}"]
        return subprocess.run(command, cwd=repository, capture_output=True, check=False).returncode

    assert run("render --no-packaged --check | true") == 1
    assert run("render --no-packaged nowhere 2>/dev/full") == 2
    assert run("show context one | true") == 0


def test_a_linked_folder_is_not_followed(run: Run, repository: Path) -> None:
    """A link in a repository would copy files of whoever renders it into the tree."""
    (repository / "elsewhere").symlink_to("/etc")
    for option in ("--templates", "--policies", "--specs"):
        result = run("render", option, "elsewhere")
        assert result.exit_code == 2, option
        assert "a link in the repository" in result.stderr


def test_stages_can_be_shown(run: Run) -> None:
    """The spec with its origins, the context, and the artifacts."""
    spec = json.loads(run("show", "spec", "one", "--format", "json").stdout)
    assert spec["services"]["web"]["replicas"] == 1
    assert "security" not in spec, "a section that is left out asks for nothing"
    origins = json.loads(run("show", "spec", "one", "--origins", "--format", "json").stdout)
    assert origins["services.web.replicas"] == {"value": "1", "origin": "specs/one.yaml:8:56"}
    context = json.loads(run("show", "context", "one", "--format", "json").stdout)
    assert context["clusters"]["local"]["name"] == "local"
    assert "name: local" in run("show", "context", "one").stdout
    artifacts = json.loads(run("show", "artifacts", "one", "--format", "json").stdout)
    assert [artifact["path"] for artifact in artifacts] == ["web.yaml"]
    assert run("show", "context", "one", "--origins").exit_code == 2


def test_a_shown_spec_can_be_read_again(run: Run, repository: Path) -> None:
    """The resolved spec is a spec, and resolves to itself."""
    shown = run("show", "spec", "one").stdout
    (repository / "specs" / "one.yaml").write_text(shown)
    assert run("show", "spec", "one").stdout == shown


def test_the_schema_and_the_version(run: Run) -> None:
    """Both are answers on stdout."""
    assert json.loads(run("schema").stdout)["$schema"].endswith("2020-12/schema")
    assert "required" in json.loads(run("schema", "--resolved").stdout)
    assert run("--version").stdout == f"hftgen, version {__version__}\n"


def test_the_day_changes_no_byte(run: Run, repository: Path) -> None:
    """`--as-of` is for findings; a day that is none is a usage error."""
    run("render", "--as-of", "2026-01-01")
    before = (repository / "rendered" / "one" / "web.yaml").stat().st_mtime_ns
    assert run("render", "--as-of", "2030-01-01").exit_code == 0
    assert (repository / "rendered" / "one" / "web.yaml").stat().st_mtime_ns == before
    assert run("render", "--as-of", "soon").exit_code == 2


def test_a_bug_of_ours_is_exit_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The only place for a traceback."""

    def fail(*_: object) -> None:
        raise AssertionError("broken promise")

    monkeypatch.setattr("hftgen.cli.render.run", fail)
    result = run("render")
    assert result.exit_code == 3
    assert "broken promise" in result.stderr
    assert "bug of hftgen" in result.stderr


def test_what_blocks_writes_nothing(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding that blocks is exit 1 in both formats; one that depends on the day never blocks."""
    finding = Finding("HFT-S01", "blocking", "one", "Rollout/web", "may not be", "mend it", "specs/one.yaml", 1, 1)
    monkeypatch.setattr("hftgen.pipeline.check", lambda *_, **__: [finding])
    result = run("render")
    assert result.exit_code == 1
    assert "specs/one.yaml:1:1: blocking HFT-S01: Rollout/web: may not be" in result.stderr
    assert json.loads(run("render", "--format", "json").stdout)["findings"][0]["rule"] == "HFT-S01"
    assert not (repository / "rendered" / "one").exists()
    monkeypatch.setattr("hftgen.pipeline.check", lambda *_, **__: [finding._replace(dated=True)])
    assert run("render").exit_code == 0


def test_the_machine_refuses(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is exit 4, names the place, and leaves nothing behind."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "rendered/one")

    monkeypatch.setattr("hftgen.tree.transaction.write_file", fail)
    result = run("render")
    assert result.exit_code == 4
    assert "No space left on device" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_exit_130(repository: Path, number: signal.Signals) -> None:
    """Ctrl-C, or being ended, ends the command and its workers, and leaves the output as it was."""
    (repository / "templates" / "slow.yaml.jsonnet").write_text(SLOW)
    command = [str(Path(sys.executable).with_name("hftgen")), "render", "--no-packaged", "--no-cache"]
    process = subprocess.Popen(command, cwd=repository, stderr=subprocess.PIPE, start_new_session=True)
    for _ in range(200):
        if (repository / "rendered" / ".hftgen-staging").exists():
            break
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"interrupted" in said
    assert not (repository / "rendered").exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
