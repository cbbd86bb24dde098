"""Bring images into an environment: a merge request to the platform's repository that sets them in its spec.

usage: deliver.py set ENVIRONMENT [--merge] REFERENCE...     registry/path:tag@sha256:digest, or files that hold them
       deliver.py rollback ENVIRONMENT [--merge]             the images that ran before the last delivery

Nothing is applied to a cluster from here: Argo CD syncs what is merged. Each try begins from the newest main, edits the
spec, renders, and asks to merge; when main has moved meanwhile, it begins anew. So two deliveries at once end up as two
commits, and what is rendered always belongs to the specs beside it.

PLATFORM_TOKEN    a short-lived token that may push branches and open merge requests there
PLATFORM_SYSTEM   gitlab, github, or plain: a git server without merge requests, where a delivery is pushed to main
REVISION          the commit that the images were built from; left out: the one that is checked out
SPEC_TOOL         what renders: hftgen, unless it says another command
"""

import argparse
import base64
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import requests_to_merge as requests
from delivery import read_facts
from spec_image import EditError, find_services, read_images, set_image

TRIES = 8
TRAILER = "Delivered-To"
SOURCE = "Source-Revision"
UNDOES = "Undoes"
"""A delivery names the commit that its images were built from, a way back the delivery that it takes back."""


class DeliveryError(Exception):
    """The delivery cannot be made; the text says why and what to do."""


class Delivery(NamedTuple):
    """What is to be delivered where. `images` are empty for a way back."""

    environment: str
    images: tuple[str, ...]
    revision: str
    merge: bool
    notes: str

    @property
    def branch(self) -> str:
        """One branch for each target and commit, so that a job that is tried again goes on with its own request."""
        verb = "deliver" if self.images else "rollback"
        return f"{verb}/{self.environment}/{self.revision[:12]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Deliver, and say what was done; 1 with the reason where that is impossible."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["set", "rollback"])
    parser.add_argument("environment")
    parser.add_argument("--merge", action="store_true", help="merge once its checks have passed")
    parser.add_argument("images", nargs="*", metavar="REFERENCE")
    asked = parser.parse_intermixed_args(arguments)
    if (asked.verb == "set") != bool(asked.images):
        parser.error("`set` needs images, `rollback` takes none")
    facts = read_facts()
    target = facts.find_environment(asked.environment)
    images = tuple(reference for each in asked.images for reference in _read_references(each))
    revision = os.environ.get("REVISION") or _find_revision()
    delivery = Delivery(asked.environment, images, revision, asked.merge, target.get("notes", ""))
    try:
        with tempfile.TemporaryDirectory() as folder:
            print(deliver(delivery, Checkout(Path(folder) / "platform", facts.platform)))
    except (DeliveryError, EditError, requests.RequestError) as error:
        print(f"deliver: {error}", file=sys.stderr)
        return 1
    return 0


def _read_references(said: str) -> list[str]:
    """References, or the references that a file holds, one a line."""
    path = Path(said)
    references = path.read_text(encoding="utf-8").split() if path.is_file() else [said]
    for reference in references:
        if "@sha256:" not in reference:
            sys.exit(f"deliver: {reference} has no digest: a tag can be moved after it was tested")
    return references


def _find_revision() -> str:
    """The commit of the sources beside which this runs."""
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], check=True, capture_output=True, encoding="utf-8"
    ).stdout.strip()


class Checkout:
    """A clone of the platform's repository. The token is git's alone: in no address, argument, file or log."""

    def __init__(self, folder: Path, platform: Mapping[str, Any]) -> None:
        self.folder = folder
        self.platform = platform
        self.main = str(platform["branch"])
        self.address = os.environ.get("PLATFORM_URL") or str(platform["url"])
        self._run("git", "init", "--quiet", str(folder), folder=folder.parent)
        self.git("remote", "add", "origin", self.address)

    def git(self, *arguments: str) -> str:
        """What git prints; DeliveryError with its words where it fails."""
        return self._run("git", *arguments, folder=self.folder)

    def begin(self, branch: str) -> str:
        """Make the branch anew from the newest main; its commit."""
        self.git("fetch", "--quiet", "origin", f"+refs/heads/{self.main}:refs/remotes/origin/{self.main}")
        self.git("checkout", "--quiet", "--force", "-B", branch, f"origin/{self.main}")
        self.git("clean", "--quiet", "-d", "--force")
        return self.git("rev-parse", "HEAD").strip()

    def show_at(self, commit: str, environment: str) -> dict[str, Any]:
        """The resolved services of an environment as a commit has them."""
        branch = self.git("symbolic-ref", "--short", "HEAD").strip()
        self.git("checkout", "--quiet", "--force", "--detach", commit)
        services = self.show(environment)
        self.git("checkout", "--quiet", "--force", branch)
        return services

    def moved(self, base: str) -> bool:
        """Whether main has moved since."""
        return self.git("ls-remote", "origin", f"refs/heads/{self.main}").split()[:1] != [base]

    def render(self, environment: str) -> dict[str, Any]:
        """Render everything; the resolved services of the environment."""
        tool = shlex.split(os.environ.get("SPEC_TOOL", "hftgen"))
        self._run(*tool, "render", folder=self.folder)
        return self.show(environment)

    def show(self, environment: str) -> dict[str, Any]:
        """The resolved services of an environment."""
        tool = shlex.split(os.environ.get("SPEC_TOOL", "hftgen"))
        said = self._run(*tool, "show", "spec", environment, "--format", "json", folder=self.folder)
        services: dict[str, Any] = json.loads(said)["services"]
        return services

    def _run(self, *command: str, folder: Path) -> str:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **_authorise(self.address)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            message = f"`{' '.join(command[:3])}` failed:\n{done.stdout}{done.stderr}".rstrip()
            raise DeliveryError(message)
        return done.stdout


def _authorise(address: str) -> dict[str, str]:
    """Git's configuration by environment: who it is, and the header by which it logs in at this address alone."""
    settings = {"user.name": "delivery", "user.email": "delivery@localhost", "init.defaultBranch": "main"}
    token = os.environ.get("PLATFORM_TOKEN")
    if token:
        login = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings[f"http.{address}.extraHeader"] = f"Authorization: Basic {login}"
    pairs = {f"GIT_CONFIG_{key}_{index}": part for index, item in enumerate(settings.items())
             for key, part in zip(("KEY", "VALUE"), item, strict=True)}  # fmt: skip
    return {"GIT_CONFIG_COUNT": str(len(settings)), "GIT_TERMINAL_PROMPT": "0", **pairs}


def deliver(delivery: Delivery, checkout: Checkout) -> str:
    """Make the merge request, and merge it where that is asked; what was done, in a sentence."""
    system = requests.find_system(checkout.platform)
    for attempt in range(TRIES):
        time.sleep(min(2**attempt - 1, 30))
        base = checkout.begin(delivery.branch)
        if not _edit(delivery, checkout):
            return f"{delivery.environment} says these images already; nothing to do"
        commit = _commit(delivery, checkout)
        if system is None:
            if _push_to_main(checkout):
                return f"{delivery.environment}: pushed to {checkout.main} as {commit[:12]}"
            continue
        checkout.git("push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{delivery.branch}")
        request = system.open(delivery.branch, checkout.main, *_describe(delivery))
        if not delivery.merge:
            return f"{delivery.environment}: {request.address} waits for approval"
        if system.merge(request, commit, lambda base=base: checkout.moved(base)):
            return f"{delivery.environment}: merged {request.address}"
        print(f"{checkout.main} has moved; rebasing and rendering again")
    message = f"{checkout.main} moved {TRIES} times in a row; run the job again when there is less going on"
    raise DeliveryError(message)


def _edit(delivery: Delivery, checkout: Checkout) -> bool:
    """Set the images in the spec, and render; whether anything changed."""
    file = checkout.folder / "specs" / f"{delivery.environment}.yaml"
    if not file.is_file():
        message = f"the platform's repository has no specs/{delivery.environment}.yaml"
        raise DeliveryError(message)
    before = text = file.read_text(encoding="utf-8")
    for service, image in _list_changes(delivery, checkout, text):
        text = set_image(text, service, image)
    if text == before:
        return False
    file.write_text(text, encoding="utf-8")
    services = checkout.render(delivery.environment)
    for image in delivery.images:
        found = [str(services[name]["image"]) for name in find_services(services, image)]
        if any(each != image for each in found):
            message = f"specs/{delivery.environment}.yaml says {image}, but {found} would run"
            raise DeliveryError(message)
    return True


def _list_changes(delivery: Delivery, checkout: Checkout, text: str) -> list[tuple[str, str]]:
    """The services and the images they are to run."""
    services = checkout.show(delivery.environment)
    if not delivery.images:
        return _list_former(delivery, checkout, text)
    changes = [(name, image) for image in delivery.images for name in find_services(services, image)]
    wanted = [(name, image) for name, image in changes if services[name]["image"] != image]
    if not changes:
        message = f"no service of {delivery.environment} runs {', '.join(delivery.images)}"
        raise DeliveryError(message)
    return [] if _is_older(delivery, checkout) else wanted


def _is_older(delivery: Delivery, checkout: Checkout) -> bool:
    """Whether a later commit was delivered already: a slow pipeline must not bring an old version back."""
    last = _find_last(delivery.environment, checkout, SOURCE)
    if not last or last == delivery.revision:
        return False
    if _ask_sources("merge-base", "--is-ancestor", delivery.revision, last):
        print(f"{last[:12]} was delivered already, and holds {delivery.revision[:12]}")
        return True
    shallow = _ask_sources("rev-parse", "--is-shallow-repository")
    if shallow is None or shallow == "true":
        message = (
            f"whether {last[:12]} holds {delivery.revision[:12]} cannot be told here: "
            "this has to run in a checkout that has the whole history (no depth), and that git trusts"
        )
        raise DeliveryError(message)
    return False


def _ask_sources(*question: str) -> str | None:
    """What git says of the sources beside which this runs, `yes` where that is nothing; None where it refuses."""
    done = subprocess.run(["git", *question], capture_output=True, encoding="utf-8", check=False)
    return None if done.returncode else done.stdout.strip() or "yes"


def _find_delivery(environment: str, checkout: Checkout) -> str:
    """The commit of the last delivery to an environment, or empty. By its way into main, not by its date."""
    pattern = f"^{TRAILER}: {environment}$"
    return checkout.git("log", "-1", "--topo-order", f"--grep={pattern}", "--format=%H", "HEAD").strip()


def _find_last(environment: str, checkout: Checkout, trailer: str) -> str:
    """A trailer of the last delivery to an environment, or empty."""
    commit = _find_delivery(environment, checkout)
    form = f"%(trailers:key={trailer},valueonly,separator=%x20)"
    return checkout.git("log", "-1", f"--format={form}", commit).strip() if commit else ""


def _list_former(delivery: Delivery, checkout: Checkout, text: str) -> list[tuple[str, str]]:
    """What the last delivery changed, with the images that ran before it, inherited ones too."""
    environment = delivery.environment
    commit = _find_delivery(environment, checkout)
    if not commit:
        message = f"nothing was ever delivered to {environment} from a pipeline; revert by hand"
        raise DeliveryError(message)
    if _find_last(environment, checkout, UNDOES):
        # A job that is tried again must not bring back what it took away.
        print(f"{commit[:12]} is a way back already; what is to run now is delivered anew")
        return []
    earlier, delivered = (_read_at(checkout, each, environment) for each in (f"{commit}^", commit))
    names = [name for name, image in delivered.items() if earlier.get(name) != image and name in read_images(text)]
    former = checkout.show_at(f"{commit}^", environment) if names else {}
    changes = [(name, str(former[name]["image"])) for name in names if name in former]
    if not changes:
        message = f"{commit[:12]} changed no image that {environment} had before; revert it by hand"
        raise DeliveryError(message)
    return changes


def _read_at(checkout: Checkout, commit: str, environment: str) -> dict[str, str]:
    """The images that the spec said at a commit."""
    return read_images(checkout.git("show", f"{commit}:specs/{environment}.yaml"))


def _commit(delivery: Delivery, checkout: Checkout) -> str:
    title, _ = _describe(delivery)
    undone = _find_delivery(delivery.environment, checkout)
    reason = f"{SOURCE}: {delivery.revision}" if delivery.images else f"{UNDOES}: {undone}"
    checkout.git("add", "--all")
    trailers = f"{TRAILER}: {delivery.environment}\n{reason}"
    checkout.git("commit", "--quiet", "--no-verify", "--message", title, "--message", trailers)
    return checkout.git("rev-parse", "HEAD").strip()


def _push_to_main(checkout: Checkout) -> bool:
    """Push where there are no merge requests; False where somebody was faster."""
    try:
        checkout.git("push", "--quiet", "origin", f"HEAD:refs/heads/{checkout.main}")
    except DeliveryError as error:
        if any(word in str(error) for word in ("[rejected]", "fetch first", "cannot lock ref", "failed to update ref")):
            return False
        raise
    return True


def _describe(delivery: Delivery) -> tuple[str, str]:
    """The title and the text of the merge request."""
    if not delivery.images:
        return f"revert({delivery.environment}): the images before the last delivery", delivery.notes
    names = [image.partition("@")[0].rpartition("/")[2] for image in delivery.images]
    lines = [f"- `{image}`" for image in delivery.images]
    title = f"deploy({delivery.environment}): {', '.join(names) if len(names) < 4 else f'{len(names)} images'}"
    return title, "\n".join([*lines, "", delivery.notes]).strip()


if __name__ == "__main__":
    sys.exit(main())
