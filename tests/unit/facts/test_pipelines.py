"""The pipelines' facts: what runs when, in which order, and what each job may reach."""

from typing import Any

import pytest

from hftgen.facts.pipelines.checks import list_checks
from hftgen.facts.pipelines.derive import describe_pipelines, describe_platform
from hftgen.facts.pipelines.ladder import climb, find_gate, list_deliveries
from hftgen.facts.pipelines.platform import list_roots
from hftgen.facts.pipelines.publishing import Built, list_publishing
from hftgen.facts.pipelines.registry import describe_registry

PRESETS = [
    {
        "preset": f"linux-amd64-{name}",
        "image": "linux/amd64",
        "variant": name,
        "sanitizer": sanitizer,
        "benchmarks": bench,
    }
    for name, sanitizer, bench in [
        ("debug", "", False),
        ("release", "", False),
        ("asan", "address", False),
        ("b", "", True),
    ]
]


def context(name: str, tier: str, **more: Any) -> dict[str, Any]:
    """As much of an environment's context as the pipelines read."""
    application = {"name": f"p-{name}-api", "part": "api"}
    platform = {"name": f"p-{name}-platform", "part": "platform"}
    window = {"schedule": "0 8 * * 1-5", "duration": "9h", "timeZone": "UTC", "applications": [application["name"]]}
    argocd = {"applications": [platform, application], "syncWindows": [window] if tier == "production" else []}
    return {
        "project": "p",
        "environment": name,
        "tier": tier,
        "gitops": {"repoURL": "git@git.example.com:trading/platform.git", "revision": "main"},
        "services": {
            "api": {"expose": {"host": "a.example.com", "via": "gateway"}, "probes": {"ready": {"http": "/up"}}}
        },
        "clusters": {"c": {"cloud": "kind", "services": {"api": {}}, "argocd": argocd}},
        **more,
    }


def ladder() -> dict[str, Any]:
    """Three targets, in no order."""
    return {name: context(name, tier) for name, tier in [("z", "production"), ("a", "staging"), ("m", "development")]}


def test_targets_stand_in_the_order_of_promotion() -> None:
    """Development, staging, production, whatever they are called; the last tests before a release are its gate."""
    rungs = climb(ladder())
    assert [rung.name for rung in rungs] == ["m", "a", "z"]
    assert [rung.held for rung in rungs] == [False, False, True]
    assert find_gate(rungs) == "a"
    assert find_gate(climb({"z": context("z", "production")})) == ""


def test_every_job_stands_after_those_it_needs() -> None:
    """A pipeline is read from top to bottom, and no job waits for one that is not there."""
    build = {"matrix": PRESETS, "platforms": ["linux/amd64"]}
    jobs = list(list_checks(build, "5"))
    jobs += list_publishing([Built("api", "r/api")], ["linux/amd64"], [job.name for job in jobs], "a")
    jobs += list_deliveries(climb(ladder()), "tests/run")
    seen: set[str] = set()
    for job in jobs:
        assert {*job.needs} <= seen, job.name
        seen.add(job.name)
    assert len(seen) == len(jobs)


def test_a_merge_request_reaches_nothing() -> None:
    """What anybody may push runs without credentials, environments and what others share."""
    build = {"matrix": PRESETS, "platforms": ["linux/amd64"]}
    jobs = [*list_checks(build, "5"), *list_publishing([Built("api", "r/api")], ["linux/amd64"], [], "")]
    asked = [job for job in jobs if "merge" in job.on]
    assert asked
    assert [job.name for job in asked if job.tokens or job.environment] == []


def test_only_people_start_production() -> None:
    """Delivery, check and way back of production each wait for somebody; those of the others go on by themselves."""
    jobs = {job.name: job for job in list_deliveries(climb(ladder()), "tests/run")}
    assert [name for name, job in jobs.items() if job.approval] == [
        "m:rollback", "a:rollback", "z:deliver", "z:smoke", "z:rollback",
    ]  # fmt: skip
    assert "--merge" in " ".join(jobs["m:deliver"].script)
    assert "--merge" not in " ".join(jobs["z:deliver"].script)
    assert jobs["z:deliver"].on == ("release",)


def test_a_freeze_excuses_only_the_last_target() -> None:
    """A check that a freeze put off must not let the next target in."""
    frozen = {name: context(name, "staging" if name == "a" else "production") for name in ("a", "z")}
    frozen["a"]["clusters"]["c"]["argocd"]["syncWindows"] = frozen["z"]["clusters"]["c"]["argocd"]["syncWindows"]
    jobs = {job.name: job for job in list_deliveries(climb(frozen), "tests/run")}
    assert jobs["z:smoke"].patient
    assert not jobs["a:smoke"].patient


def test_a_check_asks_what_answers_from_outside() -> None:
    """Exposed hosts by their readiness; Applications of services, not those of the platform."""
    facts = climb(ladder())[0].facts
    assert facts["checks"] == [{"service": "api", "url": "http://a.example.com/up"}]
    assert [each["name"] for each in facts["applications"]] == ["p-m-api"]
    assert climb(ladder())[2].facts["checks"][0]["url"].startswith("https://")


def test_each_argo_cd_has_a_token_of_its_own() -> None:
    """Several clusters have several Argo CDs, whose tokens no other one takes; one has nothing to tell apart."""
    one = context("m", "development")
    (target,) = climb({"m": one})
    assert target.facts["servers"] == [{"cluster": "c", "suffix": "", "field": "token"}]
    several = {**one, "clusters": {"aws-use1": one["clusters"]["c"], "c": one["clusters"]["c"]}}
    (target,) = climb({"m": several})
    assert [each["suffix"] for each in target.facts["servers"]] == ["_AWS_USE1", "_C"]
    assert [each["field"] for each in target.facts["servers"]] == ["aws-use1", "c"]


@pytest.mark.parametrize(
    ("path", "login"),
    [
        ("111122223333.dkr.ecr.us-east-1.amazonaws.com/hft", "aws"),
        ("europe-west1-docker.pkg.dev/project/images", "google"),
        ("hft.azurecr.io/images", "azure"),
        ("ghcr.io/trading", "github"),
        ("registry.example.com/hft", "password"),
        ("evil.azurecr.io.example.com/hft", "password"),
    ],
)
def test_a_cloud_s_registry_takes_the_jobs_own_token(path: str, login: str) -> None:
    """Only hosts that are a cloud's in whole are asked with a token of the job."""
    registry = describe_registry(path)
    assert registry.login == login
    assert bool(registry.audience) == (login in {"aws", "azure"})


@pytest.mark.parametrize(
    "url",
    [
        "git@git.example.com:trading/platform.git",
        "ssh://git@git.example.com:2222/trading/platform.git",
        "https://reader@git.example.com/trading/platform",
    ],
)
def test_pipelines_come_by_https(url: str) -> None:
    """Whatever way Argo CD takes, a job pushes by HTTPS, with a token of its own."""
    facts = describe_platform(context("m", "development", gitops={"repoURL": url, "revision": "main"}))
    assert (facts["url"], facts["project"]) == ("https://git.example.com/trading/platform.git", "trading/platform")


def test_a_server_keeps_its_own_port() -> None:
    """A server that speaks HTTPS elsewhere is asked there."""
    gitops = {"repoURL": "https://git.example.com:8443/trading/platform.git", "revision": "main"}
    assert describe_platform(context("m", "development", gitops=gitops))["server"] == "https://git.example.com:8443"


def test_a_plan_acts_as_whom_the_cloud_trusts() -> None:
    """The names of logins are those that the module `trust` was told; roots stand after those they need."""
    trusts = {
        "c_trust": {"account": "1", "partition": "aws-cn", "prefix": "p-live"},
        "g_trust": {"account": "project", "planner": "p-plan", "applier": "p-apply"},
    }
    clusters = {
        name: {"cloud": cloud, "account": account, "region": "r", "terraform": {"network": {}}}
        for name, cloud, account in [("c", "aws", "1"), ("g", "gcp", "project"), ("z", "azure", "s")]
    }
    bootstrap = {"bootstrap": {"variables": trusts}, "shared": {"providers": {"aws": [], "google": []}}}
    roots = list_roots({"live": context("live", "production", clusters=clusters, terraform=bootstrap)})
    logins = {root.name: root.logins for root in roots}
    assert logins["live/c/data"]["plan"] == {"AWS_ROLE_ARN": "arn:aws-cn:iam::1:role/p-live-ci-plan"}
    assert logins["live/g/data"]["apply"] == {"GOOGLE_ACCOUNT": "p-apply@project.iam.gserviceaccount.com"}
    assert logins["live/z/data"] == {"plan": {}, "apply": {}}
    assert set(logins["live/shared"]["plan"]) == {"AWS_ROLE_ARN", "GOOGLE_ACCOUNT"}
    seen: set[str] = set()
    for root in roots:
        assert {*root.after} <= seen
        seen.add(root.name)


def test_a_registry_is_what_images_need() -> None:
    """Without one nothing is published or delivered; the checks stay."""
    tools = {"images": {}, "actions": {}, "benchmark": {"threshold": "5%"}, "integration": "x", "runners": {}}
    speaker = context("m", "development", ci=tools)
    facts = describe_pipelines({"m": speaker}, speaker, None)
    assert [job["name"] for job in facts["jobs"]] == ["dependencies"]
    assert facts["registry"] is None
