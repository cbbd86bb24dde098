"""What pipelines do when something is amiss: a server, a checkout, a history. They say it, and let nothing through."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.tools.process import Done
from tests.unit.pipelines.scripts import PLATFORM, SCRIPTS, git, load, start

changed, each, smoke = load("changed", PLATFORM), load("each", PLATFORM), load("smoke")


class Vault(ThreadingHTTPServer):
    """A server that repeats what it is asked in its refusals, `codes` first."""

    codes: list[int]


class Handler(BaseHTTPRequestHandler):
    """Vault's login and a secret."""

    server: Vault

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.codes:
            return self.answer(self.server.codes.pop(0), asked)
        return self.answer(200, json.dumps({"auth": {"client_token": "t"}}).encode())

    def do_GET(self) -> None:
        tokens = {"token": "given", "aws-use1": "first", "gcp-usc1": "second"}
        self.answer(200, json.dumps({"data": {"data": tokens}}).encode())

    def answer(self, code: int, body: bytes) -> None:
        """Say it."""
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Nothing."""


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A server on loopback."""
    running = Vault(("127.0.0.1", 0), Handler)
    running.codes = []
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def ask(vault: Vault, folder: Path, need: str = "platform:dev") -> Done:
    """What a job may have, by default its token of the platform."""
    address = f"http://127.0.0.1:{vault.server_port}"
    env = {
        "VAULT_SERVER_URL": address,
        "VAULT_SECRETS": "secret/x",
        "VAULT_ID_TOKEN": "jwt-of-the-job",
        "WEB_PAUSE": "0",
    }
    command = [need, "--", "sh", "-c", "echo $PLATFORM_TOKEN"]
    return start(SCRIPTS / "credentials.py", *command, cwd=folder, env=env)


def test_a_vault_that_restarts_is_asked_again(vault: Vault, tmp_path: Path) -> None:
    """Too many requests, or a server that is not there yet, end no delivery."""
    vault.codes = [429, 503]
    assert ask(vault, tmp_path).out.strip() == "given"


def test_a_refusal_repeats_no_token(vault: Vault, tmp_path: Path) -> None:
    """One line with the status; what was asked, and might be repeated in the answer, stays out of the log."""
    vault.codes = [403]
    done = ask(vault, tmp_path)
    assert done.code == 1
    assert "403" in done.err
    assert "jwt-of-the-job" not in done.both()
    assert "Traceback" not in done.both()


def test_a_secret_without_what_is_wanted_is_told(vault: Vault, tmp_path: Path) -> None:
    """By its path and the field, not by its content."""
    done = ask(vault, tmp_path, "registry")
    assert done.code == 1
    assert "secret/x/registry has no user, password" in done.err


def test_each_argo_cd_gets_its_own_token(vault: Vault, tmp_path: Path) -> None:
    """Those of the environment's clusters, under the names by which the health check looks for them."""
    servers = [
        {"cluster": name, "suffix": f"_{name.upper().replace('-', '_')}", "field": name}
        for name in ("aws-use1", "gcp-usc1")
    ]
    facts = {"platform": {}, "environments": [{"name": "live", "servers": servers}]}
    (tmp_path / "scripts").mkdir()
    (tmp_path / "delivery.json").write_text(json.dumps(facts), encoding="utf-8")
    for name in ("credentials.py", "delivery.py", "web.py"):
        (tmp_path / "scripts" / name).write_bytes((SCRIPTS / name).read_bytes())
    address = f"http://127.0.0.1:{vault.server_port}"
    env = {"VAULT_SERVER_URL": address, "VAULT_SECRETS": "secret/x", "VAULT_ID_TOKEN": "jwt"}
    command = ["argocd:live", "--", "sh", "-c", "echo $ARGOCD_AUTH_TOKEN_AWS_USE1 $ARGOCD_AUTH_TOKEN_GCP_USC1"]
    done = start(tmp_path / "scripts" / "credentials.py", *command, cwd=tmp_path, env=env)
    assert done.out.split() == ["first", "second"], done.both()


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """By its address, in one line."""
    env = {"VAULT_SERVER_URL": "http://127.0.0.1:9", "VAULT_SECRETS": "s/x", "VAULT_ID_TOKEN": "jwt", "WEB_PAUSE": "0"}
    done = start(SCRIPTS / "credentials.py", "registry", "--", "true", cwd=tmp_path, env=env)
    assert done.code == 1
    assert "127.0.0.1:9" in done.err
    assert "Traceback" not in done.err


def test_a_cloud_s_registry_is_no_vault_s(tmp_path: Path) -> None:
    """A job that has its token for a registry asks Vault for no password of it, though Vault holds the others."""
    env = {"VAULT_SERVER_URL": "http://127.0.0.1:9", "VAULT_SECRETS": "s/x", "ID_TOKEN": "jwt", "WEB_PAUSE": "0"}
    assert start(SCRIPTS / "credentials.py", "registry", "--", "true", cwd=tmp_path, env=env).code == 0


def test_a_page_is_no_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy's page with status 200 says nothing of an Application."""
    monkeypatch.setattr(smoke, "fetch", lambda *_: (200, b"<html>log in</html>"))
    monkeypatch.setenv("ARGOCD_SERVER", "https://argocd.example.com/")
    monkeypatch.setenv("ARGOCD_AUTH_TOKEN", "t")
    assert "answers with a page" in smoke.ask_argocd({"name": "a", "cluster": "c"})


def test_a_freeze_that_begins_meanwhile_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a window kept from being synced is told as a freeze, whenever the window opened."""
    answers = iter([0, 75])
    target = {"name": "dev", "windows": [], "checks": [], "applications": [{"name": "a", "cluster": "c"}]}
    monkeypatch.setattr(smoke, "read_facts", type("Facts", (), {"find_environment": lambda *_: target}))
    monkeypatch.setattr(smoke.frozen, "main", lambda _: next(answers))
    monkeypatch.setattr(smoke, "ask_argocd", lambda _: "a is OutOfSync")
    assert smoke.main(["dev", "--timeout", "0"]) == 75


def test_sources_that_git_does_not_tell_are_no_clean_sources(tmp_path: Path) -> None:
    """A checkout that git does not trust, or none at all, fails the check of the format."""
    assert start(SCRIPTS / "format.sh", cwd=tmp_path, env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}).code != 0
    git(tmp_path, "init", "--quiet")
    assert "no C++ sources" in start(SCRIPTS / "format.sh", cwd=tmp_path).out


def test_one_service_may_be_called_sources(tmp_path: Path) -> None:
    """Its image is scanned, and not the repository."""
    tool = tmp_path / "trivy"
    tool.write_text('#!/bin/sh\necho "$@" >> said\n', encoding="utf-8")
    tool.chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    assert start(SCRIPTS / "scan.sh", "sources", "r/sources@sha256:0", cwd=tmp_path, env=env).code == 0
    said = (tmp_path / "said").read_text(encoding="utf-8")
    assert " fs " not in said
    assert said.count(" image ") == 3


def test_each_account_has_names_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What only a cloud knows is said by environment and role, where one name does not fit all."""
    root = {"folder": "f", "environment": "live-eu", "clouds": ["azure"], "logins": {"plan": {}, "apply": {}}}
    for name, value in (("ID", "all"), ("ID_LIVE_EU", "both"), ("ID_LIVE_EU_APPLY", "apply")):
        monkeypatch.setenv(f"ARM_CLIENT_{name}", value)
    assert each.tell(root, "drift")["ARM_CLIENT_ID"] == "both"
    assert each.tell(root, "apply")["ARM_CLIENT_ID"] == "apply"
    assert each.tell({**root, "environment": "other"}, "apply")["ARM_CLIENT_ID"] == "all"


@pytest.mark.parametrize("base", ["0" * 40, "1" * 40, "gone", "--output=x"])
def test_a_base_that_nobody_knows_means_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    """A first push, a rewritten default branch, a shallow checkout: all roots are planned, none is forgotten."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "x")
    monkeypatch.chdir(tmp_path)
    assert changed.list_files(base) is None
    assert changed.list_files("HEAD") == []
    assert list(tmp_path.iterdir()) == [tmp_path / ".git"]
