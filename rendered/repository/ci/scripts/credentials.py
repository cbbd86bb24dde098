"""Run a command with the credentials that this job's own identity may have, and leave no trace of them.

usage: credentials.py NEED... -- COMMAND...

NEED is registry, platform:ENVIRONMENT or argocd:ENVIRONMENT. What the job already has in its environment stays. The
rest is asked of Vault for a token of the job (VAULT_SERVER_URL, VAULT_AUTH_PATH; the role is pipelines-NEED), or is
missing: then the command says so. A registry of a cloud is asked with ID_TOKEN, for REGISTRY_AUDIENCE.
"""

import json
import os
import sys
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

import web
from delivery import read_facts

# What Vault holds for each need: which field becomes which variable. Each Argo CD has a token of its own.
FIELDS = {
    "registry": {"user": "REGISTRY_USER", "password": "REGISTRY_PASSWORD"},
    "platform": {"token": "PLATFORM_TOKEN"},
    "argocd": {},
}


def main(arguments: Sequence[str]) -> int:
    """Become the command."""
    if "--" not in arguments[:-1]:
        sys.exit("usage: credentials.py NEED... -- COMMAND...")
    cut = arguments.index("--")
    needs, command = arguments[:cut], arguments[cut + 1 :]
    found = dict(os.environ)
    for need in needs:
        found.update(find(need, found))
    os.execvpe(command[0], command, found)  # noqa: S606 - the pipeline's own command


def find(need: str, known: Mapping[str, str]) -> dict[str, str]:
    """The variables of a need that are not known yet."""
    kind, _, environment = need.partition(":")
    if kind not in FIELDS:
        sys.exit(f"credentials: {need} is none of {', '.join(FIELDS)}")
    audience = known.get("REGISTRY_AUDIENCE")
    if kind == "registry" and (audience or known.get("ID_TOKEN")):
        return {"ID_TOKEN": known.get("ID_TOKEN") or prove(str(audience))}
    fields = FIELDS[kind] or _list_servers(environment)
    if all(known.get(name) for name in fields.values()) or not known.get("VAULT_SERVER_URL"):
        return {}
    role = f"pipelines-{kind}{f'-{environment}' if environment else ''}"
    path = "/".join(part for part in (kind, environment) if part)
    secret = read(role, path, known)
    missing = [field for field in fields if not secret.get(field)]
    if missing:
        sys.exit(f"credentials: what Vault holds at {known['VAULT_SECRETS']}/{path} has no {', '.join(missing)}")
    return {name: secret[field] for field, name in fields.items()}


def _list_servers(environment: str) -> dict[str, str]:
    """The variables of the environment's Argo CDs, by the fields that hold their tokens."""
    servers = read_facts().find_environment(environment)["servers"]
    return {server["field"]: f"ARGOCD_AUTH_TOKEN{server['suffix']}" for server in servers}


def read(role: str, path: str, known: Mapping[str, str]) -> Mapping[str, str]:
    """A secret of Vault, below VAULT_SECRETS (`mount/path` of the key-value store's second version)."""
    server, method = known["VAULT_SERVER_URL"].rstrip("/"), known.get("VAULT_AUTH_PATH", "jwt")
    token = known.get("VAULT_ID_TOKEN") or prove(server)
    login = _ask(f"{server}/v1/auth/{method}/login", {}, {"role": role, "jwt": token})
    mount, _, rest = known["VAULT_SECRETS"].partition("/")
    answer = _ask(f"{server}/v1/{mount}/data/{rest}/{path}", {"X-Vault-Token": login["auth"]["client_token"]})
    secret: Mapping[str, str] = answer["data"]["data"]
    return secret


def prove(audience: str) -> str:
    """A token of this job for one reader; GitHub gives it on demand, other systems put it into the environment."""
    url, key = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL"), os.environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if not url or not key:
        sys.exit(f"credentials: this job has no identity for {audience}; docs/ci.md says how it gets one")
    answer = _ask(f"{url}&audience={urllib.parse.quote(audience, safe='')}", {"Authorization": f"Bearer {key}"})
    return str(answer["value"])


def _ask(url: str, headers: Mapping[str, str], body: Mapping[str, str] | None = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    try:
        return json.loads(web.ask(url, data, {"Accept": "application/json", **headers}))
    except web.WebError as refusal:
        # What the server says may repeat what was asked; the status says enough.
        sys.exit(f"credentials: {refusal}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
