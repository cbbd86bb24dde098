"""GitLab's pipelines: by its own schema, and by the job lists of merge request, default branch, tag and night."""

import csv
import functools
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools import archives, pins
from tests.tools.process import run

pytestmark = pytest.mark.delivery

MERGE = ("CI_PIPELINE_SOURCE=merge_request_event",)
MAIN = ("CI_PIPELINE_SOURCE=push", "CI_COMMIT_BRANCH=main")
TAG = ("CI_PIPELINE_SOURCE=push", "CI_COMMIT_TAG=v1.2.3", "CI_COMMIT_REF_PROTECTED=true")
OPEN_TAG = ("CI_PIPELINE_SOURCE=push", "CI_COMMIT_TAG=v1.2.3", "CI_COMMIT_REF_PROTECTED=false")
NIGHT = ("CI_PIPELINE_SOURCE=schedule", "CI_COMMIT_BRANCH=main")


@pytest.mark.parametrize("name", ["gitlab.yml", "platform/gitlab.yml"])
def test_the_schema_takes_it(pipelines: Path, name: str) -> None:
    """GitLab's own schema of pipelines."""
    check = Path(sys.executable).with_name("check-jsonschema")
    done = run([check, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", pipelines / name])
    assert done.code == 0, done.both()


def test_the_schema_sees_a_mistake(pipelines: Path, tmp_path: Path) -> None:
    """A word that GitLab does not know is found."""
    text = (pipelines / "gitlab.yml").read_text(encoding="utf-8").replace("interruptible:", "interruptable:", 1)
    (tmp_path / "gitlab.yml").write_text(text, encoding="utf-8")
    check = Path(sys.executable).with_name("check-jsonschema")
    done = run(
        [check, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", tmp_path / "gitlab.yml"]
    )
    assert done.code == 1


def test_a_merge_request_checks_and_publishes_nothing(repository: Path) -> None:
    """Everything before `publish`; no job of it has an environment."""
    jobs = list_jobs(repository, MERGE)
    assert {job["stage"] for job in jobs} <= {"quality", "build", "test", "security"}
    assert "dependencies" in {job["name"] for job in jobs}
    assert [job["name"] for job in jobs if job["environment"]] == []


def test_the_default_branch_delivers_to_staging_and_no_further(repository: Path) -> None:
    """Checks, images, then each target before production in turn; nothing is started by hand but the way back."""
    jobs = {job["name"]: job for job in list_jobs(repository, MAIN)}
    names = set(jobs)
    tiers = read_targets(repository)
    for target, tier in tiers.items():
        assert (f"{target}:deliver" in names) == (tier != "production")
    assert {job["name"] for job in list_jobs(repository, MERGE)} <= names
    assert [name for name, job in jobs.items() if job["when"] == "manual"] == sorted(
        f"{target}:rollback" for target, tier in tiers.items() if tier != "production"
    )


def test_a_tag_builds_nothing(repository: Path) -> None:
    """The release of what was tested, and production by hand; a failed or absent approval stops what follows."""
    jobs = {job["name"]: job for job in list_jobs(repository, TAG)}
    (production,) = [name for name, tier in read_targets(repository).items() if tier == "production"]
    assert {name.partition(":")[0] for name in jobs} == {"release", production}
    assert jobs[f"{production}:deliver"]["when"] == "manual"
    assert jobs[f"{production}:deliver"]["allowFailure"] == "false"
    assert jobs[f"{production}:smoke"]["needs"] == f"[{production}:deliver]"


def test_a_tag_that_anybody_may_push_releases_nothing(repository: Path) -> None:
    """Only a protected tag is a release."""
    assert list_jobs(repository, OPEN_TAG) == []


def test_the_night_looks_for_what_came_without_a_commit(repository: Path) -> None:
    """New weaknesses of what is linked in; in the platform's own pipeline, drift of every root module.

    The benchmark too: GitLab gives artifacts of the last good pipeline of a branch, and the night's is one.
    """
    compiled = "benchmark" in {job["name"] for job in list_jobs(repository, MAIN)}
    names = [job["name"] for job in list_jobs(repository, NIGHT)]
    assert names == (["benchmark", "dependencies"] if compiled else ["dependencies"])
    roots = json.loads((repository / "ci" / "platform" / "roots.json").read_text(encoding="utf-8"))
    drifts = [job["name"] for job in list_jobs(repository, NIGHT, "ci/platform/gitlab.yml")]
    assert drifts == sorted(f"drift:{root['name']}" for root in roots)


def test_the_platform_applies_only_what_it_planned_on_the_default_branch(repository: Path) -> None:
    """A merge request renders and plans; the default branch plans again and waits for somebody to apply that plan."""
    merge = list_jobs(repository, MERGE, "ci/platform/gitlab.yml")
    main = {job["name"]: job for job in list_jobs(repository, MAIN, "ci/platform/gitlab.yml")}
    assert {job["name"].partition(":")[0] for job in merge} <= {"render", "plan"}
    applies = {name: job for name, job in main.items() if name.startswith("apply:")}
    assert all(job["when"] == "manual" for job in applies.values())
    assert all(f"plan:{name.partition(':')[2]}" in job["needs"] for name, job in applies.items())


def test_no_plan_of_the_default_branch_is_cancelled(committed: Path) -> None:
    """A newer commit plans what it touches itself; what the older one touched would be applied by nobody."""
    workflow = yaml.safe_load((committed / "platform" / "gitlab.yml").read_text(encoding="utf-8"))["workflow"]
    (rule,) = [rule for rule in workflow["rules"] if "$CI_DEFAULT_BRANCH" in rule["if"]]
    assert rule["auto_cancel"] == {"on_new_commit": "none"}


def test_each_account_has_variables_of_its_own(committed: Path) -> None:
    """Plans of two environments act in two accounts; a plan is no deployment, and waits for nobody's approval."""
    text = yaml.safe_load((committed / "platform" / "gitlab.yml").read_text(encoding="utf-8"))
    for name, job in text.items():
        if name.startswith(("plan:", "drift:")):
            assert job["environment"] == {"name": f"{job['variables']['TARGET']}/plan", "action": "access"}
        elif name.startswith("apply:"):
            assert job["environment"] == {"name": f"{job['variables']['TARGET']}/infrastructure"}


def test_every_image_has_a_digest_that_is_known(committed: Path) -> None:
    """Whatever is not the firm's own image is pinned: jobs, and services beside them."""
    text = yaml.safe_load((committed / "gitlab.yml").read_text(encoding="utf-8"))
    registry = text["variables"]["REGISTRY"]
    images = {str(each) for each in _walk(text, "image")} | {job["name"] for job in _walk(text, "services")}
    assert images
    assert [image for image in images if "@sha256:" not in image and not image.startswith(f"{registry}/ci-")] == []


def test_merge_requests_are_those_of_the_specs_server(repository: Path, committed: Path) -> None:
    """Who builds in GitLab may keep the specs in GitHub."""
    for folder in (repository / "ci", committed):
        host = json.loads((folder / "delivery.json").read_text(encoding="utf-8"))["platform"]["host"]
        text = yaml.safe_load((folder / "gitlab.yml").read_text(encoding="utf-8"))
        assert text["variables"]["PLATFORM_SYSTEM"] == ("github" if host == "github.com" else "gitlab")


def test_a_target_that_is_not_well_is_no_warning(committed: Path) -> None:
    """Only a freeze excuses its check: what a rule says of failures would hold for all of them."""
    job = yaml.safe_load((committed / "gitlab.yml").read_text(encoding="utf-8"))["production:smoke"]
    assert job["allow_failure"] == {"exit_codes": [75]}
    assert [rule for rule in job["rules"] if "allow_failure" in rule] == []


def test_nothing_is_delivered_while_a_gate_tests(committed: Path) -> None:
    """What is tested is what is attested: a newer pipeline's delivery waits, and so does a way back."""
    text = yaml.safe_load((committed / "gitlab.yml").read_text(encoding="utf-8"))
    groups = {text[f"staging:{verb}"]["resource_group"] for verb in ("deliver", "smoke", "integration", "rollback")}
    assert len(groups) == 1
    needs = {need["job"]: need["artifacts"] for need in text["staging:integration"]["needs"]}
    assert needs == {"staging:smoke": False, "staging:deliver": True}


def test_a_health_check_has_a_token_of_each_argo_cd(committed: Path) -> None:
    """Production has two clusters, each with an Argo CD that takes its own tokens alone."""
    text = yaml.safe_load((committed / "gitlab.yml").read_text(encoding="utf-8"))
    assert set(text["staging:smoke"]["secrets"]) == {"ARGOCD_AUTH_TOKEN"}
    secrets = text["production:smoke"]["secrets"]
    fields = {name: secret["vault"]["field"] for name, secret in secrets.items()}
    assert fields == {"ARGOCD_AUTH_TOKEN_AWS_USE1": "aws-use1", "ARGOCD_AUTH_TOKEN_GCP_USC1": "gcp-usc1"}


def test_no_job_needs_more_than_gitlab_allows(crowd: Path) -> None:
    """Fifty, each run of a matrix counted; where there are more, a job waits for the stages before it."""
    text = yaml.safe_load((crowd / "gitlab.yml").read_text(encoding="utf-8"))
    jobs = {name: job for name, job in text.items() if isinstance(job, dict) and "stage" in job | _base(text, job)}
    runs = {name: max(1, len(job.get("parallel", {}).get("matrix", []))) for name, job in jobs.items()}
    stages = {name: text["stages"].index((job | _base(text, job))["stage"]) for name, job in jobs.items()}
    waiting = set()
    for name, job in jobs.items():
        assert sum(runs[need["job"]] for need in job.get("needs", [])) <= 50, name
        if "dependencies" in job:
            waiting.add(name)
            assert "needs" not in job
            assert all(stages[other] < stages[name] for other in job["dependencies"]), name
    assert waiting == {"publish"}
    check = Path(sys.executable).with_name("check-jsonschema")
    done = run([check, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", crowd / "gitlab.yml"])
    assert done.code == 0, done.both()


def test_a_registry_of_github_wants_a_password(crowd: Path) -> None:
    """GitHub's registry knows no token of GitLab's jobs: user and password come from Vault."""
    text = yaml.safe_load((crowd / "gitlab.yml").read_text(encoding="utf-8"))
    assert set(text[".assemble"]["secrets"]) == {"REGISTRY_USER", "REGISTRY_PASSWORD"}


def test_credentials_are_tokens_of_the_job(repository: Path) -> None:
    """No job has a password of its own: what it reads from Vault, or asks of a cloud, is for its own token."""
    text = yaml.safe_load((repository / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
    for name, job in text.items():
        if isinstance(job, dict) and "secrets" in job:
            assert job["id_tokens"], name
            assert all(secret["token"] == "$VAULT_ID_TOKEN" for secret in job["secrets"].values()), name


@functools.cache
def list_jobs(repository: Path, variables: tuple[str, ...], file: str = "ci/gitlab.yml") -> list[dict[str, str]]:
    """The jobs that GitLab would make, by gitlab-ci-local, without those of a matrix after the first."""
    program = archives.NODE / "node_modules" / ".bin" / "gitlab-ci-local"
    options = [option for variable in variables for option in ("--variable", variable)]
    unset = (
        []
        if any(each.startswith("CI_COMMIT_BRANCH=") for each in variables)
        else ["--unset-variable", "CI_COMMIT_BRANCH"]
    )
    command: list[str | Path] = [program, "--list-csv", "--file", file, "--no-evaluate-rule-changes", *options, *unset]
    done = run(command, cwd=repository, env=archives.environment())
    assert done.code == 0, done.both()
    text = done.out[done.out.index("name;") :]
    return sorted(csv.DictReader(io.StringIO(text), delimiter=";"), key=lambda job: job["name"])


def _base(text: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """What a job extends."""
    found: dict[str, Any] = text.get(job.get("extends", ""), {})
    return found


def read_targets(repository: Path) -> dict[str, str]:
    """The tier of each target."""
    said = json.loads((repository / "ci" / "delivery.json").read_text(encoding="utf-8"))
    return {target["name"]: target["tier"] for target in said["environments"]}


def _walk(value: Any, key: str) -> list[Any]:
    """The names of images below a key, wherever it stands."""
    found: list[Any] = []
    if isinstance(value, dict):
        for name, child in value.items():
            if name == key:
                found += child if isinstance(child, list) else [child["name"]]
            else:
                found += _walk(child, key)
    return found


def test_node_is_the_tools_own() -> None:
    """gitlab-ci-local runs on the Node that is pinned with it."""
    assert (pins.PYTHON / "bin" / "node").exists()
