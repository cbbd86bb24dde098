"""What pipelines judge: benchmarks, freezes, health, plans; by the same rules as Argo CD and Terraform."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hftgen.calendars import Calendars
from hftgen.facts.freeze import Margin, freeze
from tests.unit.conftest import HORIZON
from tests.unit.facts.replay import Project
from tests.unit.pipelines.scripts import PLATFORM, SCRIPTS, load, start

benchmark, frozen, login, smoke = (load(name) for name in ("benchmark", "frozen", "login", "smoke"))
count, changed = (load(name, PLATFORM) for name in ("count", "changed"))


def write_results(folder: Path, name: str, times: dict[str, list[float]]) -> Path:
    """Results as Google Benchmark writes them, aggregates included."""
    runs = [
        {"name": key, "run_name": key, "run_type": "iteration", "real_time": value, "time_unit": "us"}
        for key, values in times.items()
        for value in values
    ]
    runs += [{"name": f"{key}_mean", "run_name": key, "run_type": "aggregate", "real_time": 1e9} for key in times]
    (folder / name).write_text(json.dumps({"benchmarks": runs}), encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ({"match": [10.0, 10.4, 99.0], "send": [5.0]}, 0),
        ({"match": [10.6, 10.6, 1.0], "send": [5.0]}, 1),
        ({"match": [10.0]}, 1),
        ({"match": [10.0], "send": [5.0], "new": [1.0]}, 0),
        ({}, 1),
    ],
)
def test_a_benchmark_is_held_against_the_default_branch(tmp_path: Path, now: dict[str, list[float]], code: int) -> None:
    """Medians count, so that one disturbed repetition does not; what is gone is told; what is new has no past."""
    before = write_results(tmp_path, "before.json", {"match": [10.0, 10.0, 10.0], "send": [5.0]})
    result = write_results(tmp_path, "now.json", now)
    assert benchmark.main([str(result), str(before), "--threshold", "5"]) == code


def test_the_first_result_becomes_the_baseline(tmp_path: Path) -> None:
    """Without one there is nothing to hold against."""
    result = write_results(tmp_path, "now.json", {"match": [10.0]})
    assert benchmark.main([str(result), str(tmp_path / "absent.json"), "--threshold", "5"]) == 0


@pytest.mark.parametrize("calendar", ["XNYS", "CMES", "XLON", "us_futures"])
def test_a_freeze_is_judged_as_argo_cd_does(calendars: Calendars, calendar: str) -> None:
    """Every half hour of two weeks with a change of the clocks: what Argo CD denies is told, and no more."""
    found = freeze(
        calendars.schedules([calendar], *HORIZON)[calendar], Margin(timedelta(hours=1), timedelta(minutes=30))
    )
    assert found is not None
    windows = [
        {
            "kind": "deny",
            "schedule": each.schedule,
            "duration": each.duration,
            "timeZone": each.zone,
            "applications": ["a"],
            "manualSync": False,
        }
        for each in found.windows
    ]
    project = Project(windows)
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    for _ in range(14 * 48):
        # Off the minute: the ends of a window are nobody's.
        moment += timedelta(minutes=30)
        asked = moment + timedelta(seconds=30)
        told = bool(frozen.list_frozen({"windows": windows}, asked))
        assert told != project.can_sync("a", asked, manual=True), asked


def test_the_end_of_a_freeze_is_told() -> None:
    """To five minutes; what never ends within a week says so."""
    window = {"schedule": "0 8 * * 1-5", "duration": "9h30m", "timeZone": "UTC", "applications": ["a"]}
    monday = datetime(2026, 11, 23, 12, 2, tzinfo=UTC)
    end = frozen.find_end({"windows": [window]}, "a", monday)
    assert timedelta(0) < end - datetime(2026, 11, 23, 17, 30, tzinfo=UTC) <= timedelta(minutes=5)
    always = {**window, "schedule": "0 0 * * *", "duration": "24h"}
    assert frozen.find_end({"windows": [always]}, "a", monday) is None


@pytest.mark.parametrize(
    ("sync", "health", "well"),
    [("Synced", "Healthy", True), ("OutOfSync", "Healthy", False), ("Synced", "Progressing", False)],
)
def test_health_is_both(sync: str, health: str, *, well: bool) -> None:
    """What was merged is there, and it is well."""
    status = {"sync": {"status": sync}, "health": {"status": health}}
    assert (smoke.judge("a", status) == "") is well
    assert smoke.judge("a", {}) == "a is Unknown and Unknown"


def test_a_check_wants_three_answers_in_a_row() -> None:
    """One good answer between two bad ones is no health."""
    answers = iter(["", "no", "", "", ""])
    assert smoke.wait(lambda: next(answers), float("inf"), 0, 3)
    assert next(answers, None) is None
    assert not smoke.wait(lambda: "no", 0, 0, 1)


def test_a_request_to_aws_is_signed() -> None:
    """Signature Version 4 covers what is asked, when, where and by whom; nothing of the secret key is in it."""
    role = {"AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "wJalrXUtnFEMI", "SessionToken": "session"}
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    headers = login.sign("api.ecr.us-east-1.amazonaws.com", "us-east-1", role, now)
    assert headers["x-amz-date"] == "20261123T120000Z"
    assert "Credential=AKIDEXAMPLE/20261123/us-east-1/ecr/aws4_request" in headers["authorization"]
    assert role["SecretAccessKey"] not in "".join(headers.values())
    assert login.sign("other", "us-east-1", role, now)["authorization"] != headers["authorization"]


def test_a_login_is_this_job_s_alone(tmp_path: Path) -> None:
    """The file is readable by nobody else, other logins stay, and no part of a password is printed."""
    (tmp_path / "config.json").write_text('{"auths": {"other": {"auth": "x"}}}', encoding="utf-8")
    env = {"DOCKER_CONFIG": str(tmp_path), "REGISTRY_USER": "robot", "REGISTRY_PASSWORD": "hush-hush"}
    done = start(SCRIPTS / "login.py", "registry.example.com", cwd=tmp_path, env=env)
    assert done.code == 0, done.both()
    assert "hush" not in done.both()
    assert sorted(json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))["auths"]) == [
        "other",
        "registry.example.com",
    ]
    assert start(SCRIPTS / "login.py", "registry.example.com", cwd=tmp_path).code == 1


def test_credentials_end_with_the_command(tmp_path: Path) -> None:
    """What the job has already is used; what nobody gives is left for the command to miss; the exit code is its own."""
    script = SCRIPTS / "credentials.py"
    env = {"REGISTRY_USER": "robot", "REGISTRY_PASSWORD": "x"}
    done = start(script, "registry", "--", "sh", "-c", "echo $REGISTRY_USER; exit 3", cwd=tmp_path, env=env)
    assert (done.code, done.out.strip()) == (3, "robot")
    assert start(script, "everything", "--", "true", cwd=tmp_path).code == 1
    missing = start(script, "registry", "--", "true", cwd=tmp_path, env={"REGISTRY_AUDIENCE": "sts.amazonaws.com"})
    assert "has no identity for sts.amazonaws.com" in missing.err


def test_a_plan_is_counted_as_gitlab_shows_it() -> None:
    """What is replaced comes and goes; what only changes its outputs does neither."""
    actions: list[list[str]] = [["create"], ["delete", "create"], ["update"], ["no-op"], ["read"]]
    plan: dict[str, Any] = {"resource_changes": [{"change": {"actions": each}} for each in actions]}
    assert count.count(plan) == {"create": 2, "update": 1, "delete": 1}
    assert count.count({}) == {"create": 0, "update": 0, "delete": 0}


def test_only_what_a_change_touches_is_planned() -> None:
    """A root's own files, or its environment's modules; a folder that begins alike is another one."""
    roots = [
        {"folder": f"rendered/{name}/terraform/{root}", "modules": f"rendered/{name}/terraform/modules", "name": root}
        for name in ("a", "b")
        for root in ("shared", "shared-too")
    ]

    def names(files: list[str]) -> list[str]:
        return [str(each["folder"]) for each in changed.pick(roots, files)]

    assert names(["rendered/a/terraform/shared/main.tf.json"]) == ["rendered/a/terraform/shared"]
    assert len(names(["rendered/b/terraform/modules/aws/data/main.tf"])) == 2
    assert names(["rendered/a/README.md"]) == []
