"""Plans of the platform's pipeline, with a real Terraform (or OpenTofu) and a root module that needs no provider."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.tools import pins
from tests.tools.process import Done
from tests.unit.pipelines.scripts import TEMPLATES, git, start

pytestmark = pytest.mark.delivery

ROOT = "rendered/live/terraform/data"
MAIN = 'resource "terraform_data" "store" {{\n  input = "{value}"\n}}\n'


class Platform:
    """A repository with one root module, the scripts, and the facts of its environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ci = folder / "rendered" / "repository" / "ci"
        shutil.copytree(TEMPLATES / "scripts", self.ci / "scripts")
        shutil.copytree(TEMPLATES / "platform" / "scripts", self.ci / "platform" / "scripts")
        root = {
            "name": "live/data",
            "environment": "live",
            "folder": ROOT,
            "modules": "m",
            "clouds": [],
            "logins": {"plan": {}, "apply": {}},
        }
        (self.ci / "platform" / "roots.json").write_text(json.dumps([root]), encoding="utf-8")
        git(folder, "init", "--quiet")
        (folder / ".gitignore").write_text("plans/\n.terraform*\n*.tfstate*\n", encoding="utf-8")
        self.freeze(always=False)
        self.write("one")

    def freeze(self, *, always: bool, begin: datetime | None = None) -> None:
        """Freeze the environment for ever, from a minute of the day on for an hour, or never."""
        when = f"{begin.minute} {begin.hour} * * *" if begin else "0 0 * * *"
        length = "1h" if begin else "24h"
        window = {"schedule": when, "duration": length, "timeZone": "UTC", "applications": ["live-a"]}
        target = {"name": "live", "windows": [window] if always or begin else [], "applications": [], "checks": []}
        facts = {"platform": {}, "environments": [target]}
        (self.ci / "delivery.json").write_text(json.dumps(facts), encoding="utf-8")

    def write(self, value: str) -> None:
        """A commit that changes the root module."""
        (self.folder / ROOT).mkdir(parents=True, exist_ok=True)
        (self.folder / ROOT / "main.tf").write_text(MAIN.format(value=value), encoding="utf-8")
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", value)

    def run(self, verb: str, **env: str) -> Done:
        """terraform.sh for the root module."""
        tool = shutil.which("terraform") or str(pins.BIN / "tofu")
        script = self.ci / "platform" / "scripts" / "terraform.sh"
        return start(script, verb, cwd=self.folder, env={"ROOT": ROOT, "TARGET": "live", "TERRAFORM": tool, **env})

    def each(self, *arguments: str) -> Done:
        """each.py, as Jenkins runs it."""
        tool = shutil.which("terraform") or str(pins.BIN / "tofu")
        return start(self.ci / "platform" / "scripts" / "each.py", *arguments, cwd=self.folder, env={"TERRAFORM": tool})


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """A platform whose root module was never applied."""
    return Platform(tmp_path)


def test_the_plan_that_was_read_is_applied(platform: Platform) -> None:
    """Plan, look, apply: afterwards nothing differs from what is merged."""
    planned = platform.run("plan")
    assert planned.code == 0, planned.both()
    (report,) = (platform.folder / "plans").glob("*/report.json")
    assert json.loads(report.read_text(encoding="utf-8")) == {"create": 1, "update": 0, "delete": 0}
    assert platform.run("drift").code == 1
    applied = platform.run("apply")
    assert applied.code == 0, applied.both()
    assert platform.run("drift").code == 0


def test_a_stale_plan_is_refused(platform: Platform) -> None:
    """When the state has changed since, what was read is not what would happen."""
    assert platform.run("plan").code == 0
    assert platform.run("apply").code == 0
    again = platform.run("apply")
    assert again.code != 0
    assert "stale" in again.both().lower()


def test_a_plan_of_another_commit_is_refused(platform: Platform) -> None:
    """A plan is for the commit that was reviewed."""
    assert platform.run("plan").code == 0
    platform.write("two")
    done = platform.run("apply")
    assert done.code == 1
    assert "Plan again" in done.err


def test_a_plan_that_was_touched_is_refused(platform: Platform) -> None:
    """Not even its commit can be changed."""
    assert platform.run("plan").code == 0
    (saved,) = (platform.folder / "plans").iterdir()
    (saved / "commit").write_text("0" * 40 + "\n", encoding="utf-8")
    assert platform.run("apply").code != 0
    shutil.rmtree(platform.folder / "plans")
    assert "there is no saved plan" in platform.run("apply").err


def test_nothing_is_applied_in_a_freeze(platform: Platform) -> None:
    """Exit code 75, before anybody logs in; the plan stays for afterwards."""
    assert platform.run("plan").code == 0
    platform.freeze(always=True)
    done = platform.run("apply", CLOUDS="aws", AWS_ROLE_ARN="x")
    assert done.code == 75
    assert "live-a is frozen" in done.out
    platform.freeze(always=False)
    assert platform.run("apply").code == 0


def test_nothing_is_applied_into_a_freeze(platform: Platform) -> None:
    """An apply may last for two hours; one that would last into a session does not begin."""
    assert platform.run("plan").code == 0
    platform.freeze(always=False, begin=datetime.now(UTC) + timedelta(minutes=90))
    done = platform.run("apply")
    assert done.code == 75, done.both()
    assert "live-a is frozen from" in done.out
    platform.freeze(always=False, begin=datetime.now(UTC) + timedelta(minutes=180))
    assert platform.run("apply").code == 0


def test_a_cloud_without_an_identity_is_an_error(platform: Platform) -> None:
    """The words say for whom, and where to look."""
    done = platform.run("plan", CLOUDS="aws", AWS_ROLE_ARN="x")
    assert done.code == 1
    assert "no identity for sts.amazonaws.com" in done.err
    assert platform.run("plan", CLOUDS="moon").code == 2


def test_a_change_plans_what_it_touches(platform: Platform) -> None:
    """Since a commit, by git; the environments that it touches are named for those who approve."""
    platform.write("two")
    assert platform.each("environments", "HEAD~1").out == " live \n"
    planned = platform.each("plan", "HEAD~1")
    assert planned.code == 0, planned.both()
    assert "--- live/data" in planned.out
    assert platform.each("apply", "HEAD~1", "elsewhere").code == 0
    assert platform.each("apply", "HEAD~1", "live").code == 0
    assert platform.each("environments", "HEAD").out == "  \n"
