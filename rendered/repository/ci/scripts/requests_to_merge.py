"""Merge requests of GitLab and pull requests of GitHub, by their HTTP interfaces."""

import json
import os
import time
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import web

WAIT = 10
PATIENCE = 1800

Moved = Callable[[], bool]


class RequestError(Exception):
    """The server refuses; the text has its words, `status` what it answers with."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Request(NamedTuple):
    """A merge request: its number, and its address for people."""

    number: int
    address: str


class System(Protocol):
    """Where the platform's repository lives."""

    def open(self, branch: str, target: str, title: str, text: str) -> Request:
        """The request for a branch: the open one, or a new one."""

    def merge(self, request: Request, commit: str, moved: Moved) -> bool:
        """Merge this very commit once its checks have passed. False where the target has moved."""


def find_system(platform: Mapping[str, Any]) -> System | None:
    """The system that PLATFORM_SYSTEM names; None for a plain git server."""
    name = os.environ.get("PLATFORM_SYSTEM", "gitlab")
    makers = {"gitlab": GitLab, "github": GitHub}
    if name not in {*makers, "plain"}:
        message = f"PLATFORM_SYSTEM is {name}; it is gitlab, github or plain"
        raise RequestError(message)
    if name in makers and not os.environ.get("PLATFORM_TOKEN"):
        message = "PLATFORM_TOKEN is not set for this job; docs/ci.md says where it comes from"
        raise RequestError(message)
    return makers[name](platform) if name in makers else None


class _Server:
    """One HTTP interface. The token goes into a header, and into no message."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self._base = base
        self._headers = headers

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer; RequestError with the status where it is no success."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json", **self._headers}
        try:
            answer = web.ask(self._base + path, data, headers, method, again=method != "POST")
            return json.loads(answer or b"null")
        except web.WebError as refusal:
            message = f"{refusal} {refusal.words}".rstrip()
            raise RequestError(message, refusal.status) from None
        except ValueError:
            message = f"{method} {self._base}{path.partition('?')[0]}: the answer is no JSON: is this the system's API?"
            raise RequestError(message) from None


def _wait(ready: Callable[[], bool | None]) -> bool:
    """Ask until there is an answer."""
    pause = float(os.environ.get("MERGE_WAIT", str(WAIT)))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = ready()
        if answer is not None:
            return answer
        time.sleep(pause)
    message = f"the request was not merged within {PATIENCE // 60} minutes: look at its checks and approvals"
    raise RequestError(message)


class GitLab:
    """Merge requests of a GitLab project."""

    def __init__(self, platform: Mapping[str, Any]) -> None:
        base = os.environ.get("PLATFORM_API") or f"{platform['server']}/api/v4"
        project = urllib.parse.quote(str(platform["project"]), safe="")
        self._server = _Server(f"{base}/projects/{project}", {"PRIVATE-TOKEN": os.environ["PLATFORM_TOKEN"]})

    def open(self, branch: str, target: str, title: str, text: str) -> Request:
        """See System."""
        query = urllib.parse.urlencode({"state": "opened", "source_branch": branch, "target_branch": target})
        found = self._server.call("GET", f"/merge_requests?{query}")
        body = {"source_branch": branch, "target_branch": target, "title": title, "description": text}
        if found:
            path, method = f"/merge_requests/{found[0]['iid']}", "PUT"
        else:
            path, method = "/merge_requests", "POST"
        # A squashed commit would lose the trailers by which the next delivery, and the way back, know this one.
        made = self._server.call(method, path, {**body, "remove_source_branch": True, "squash": False})
        return Request(made["iid"], made["web_url"])

    def merge(self, request: Request, commit: str, moved: Moved) -> bool:
        """See System. GitLab merges by itself when the checks have passed, and only this commit."""
        path = f"/merge_requests/{request.number}"

        def ready() -> bool | None:
            now = self._server.call("GET", path)
            if now["state"] == "merged":
                return True
            if now["state"] != "opened":
                message = f"{request.address} is {now['state']}"
                raise RequestError(message)
            if moved() or now.get("detailed_merge_status") in {"need_rebase", "conflict"}:
                return False
            self._ask(path, commit)
            return None

        return _wait(ready)

    def _ask(self, path: str, commit: str) -> None:
        try:
            self._server.call("PUT", f"{path}/merge", {"sha": commit, "auto_merge": True, "squash": False})
        except RequestError as error:
            # 405, 406, 409, 422: not yet, or not any more; the next look tells.
            if error.status not in {405, 406, 409, 422}:
                raise


class GitHub:
    """Pull requests of a GitHub repository."""

    def __init__(self, platform: Mapping[str, Any]) -> None:
        base = os.environ.get("PLATFORM_API") or os.environ.get("GITHUB_API_URL", "https://api.github.com")
        headers = {"Authorization": f"Bearer {os.environ['PLATFORM_TOKEN']}", "Accept": "application/vnd.github+json"}
        self._owner = str(platform["project"]).partition("/")[0]
        self._server = _Server(f"{base}/repos/{platform['project']}", headers)

    def open(self, branch: str, target: str, title: str, text: str) -> Request:
        """See System."""
        query = urllib.parse.urlencode({"state": "open", "head": f"{self._owner}:{branch}", "base": target})
        found = self._server.call("GET", f"/pulls?{query}")
        if found:
            made = self._server.call("PATCH", f"/pulls/{found[0]['number']}", {"title": title, "body": text})
        else:
            made = self._server.call("POST", "/pulls", {"head": branch, "base": target, "title": title, "body": text})
        return Request(made["number"], made["html_url"])

    def merge(self, request: Request, commit: str, moved: Moved) -> bool:
        """See System. A pull request that is behind, or in conflict, is made anew from the newest main."""
        path = f"/pulls/{request.number}"

        def ready() -> bool | None:
            now = self._server.call("GET", path)
            if now["merged"]:
                return True
            if now["state"] != "open":
                message = f"{request.address} is closed"
                raise RequestError(message)
            if moved() or now.get("mergeable_state") in {"behind", "dirty"}:
                return False
            if now.get("mergeable_state") == "clean":
                self._ask(path, commit)
            return None

        return _wait(ready)

    def _ask(self, path: str, commit: str) -> None:
        try:
            self._server.call("PUT", f"{path}/merge", {"sha": commit, "merge_method": "merge"})
        except RequestError as error:
            if error.status not in {405, 409, 422}:
                raise
