"""Log in to the registry of the images with a credential that lasts minutes, got for the job's own OIDC token.

usage: login.py REGISTRY_HOST

It writes $DOCKER_CONFIG/config.json, readable by this job alone, and prints no part of it. What the host is decides:

  *.dkr.ecr.*.amazonaws.com   the role REGISTRY_ROLE of AWS, for ID_TOKEN
  *.pkg.dev, gcr.io           REGISTRY_PROVIDER, a workload identity provider of Google Cloud, for ID_TOKEN;
                              REGISTRY_ROLE is the service account
  *.azurecr.io                REGISTRY_ROLE, the client id of an application, and REGISTRY_TENANT, for ID_TOKEN
  anything else               REGISTRY_USER and REGISTRY_PASSWORD, or CI_REGISTRY_* where GitLab's own registry is meant
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import os
import re
import sys
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import web

ECR = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.(?P<domain>amazonaws\.com(\.cn)?)")
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - no secret, a name
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def main(host: str) -> int:
    """Write the login of one registry beside those that are there."""
    user, password = find_login(host)
    folder = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "config.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    known.setdefault("auths", {})[host] = {"auth": login}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as written:
        json.dump(known, written)
    print(f"logged in to {host} as {user}")
    return 0


def find_login(host: str) -> tuple[str, str]:
    """User and password for a registry."""
    match = ECR.fullmatch(host)
    if match:
        return _ask_aws(match["region"], match["domain"])
    if host.endswith((".pkg.dev", "gcr.io")):
        return "oauth2accesstoken", _ask_google()
    if host.endswith(".azurecr.io"):
        return "00000000-0000-0000-0000-000000000000", _ask_azure(host)
    prefix = "CI_REGISTRY" if os.environ.get("CI_REGISTRY") == host else "REGISTRY"
    return _need(f"{prefix}_USER"), _need(f"{prefix}_PASSWORD")


def _need(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        sys.exit(f"login: {name} is not set for this job; docs/ci.md says where it comes from")
    return value


def _ask(url: str, body: Mapping[str, str] | bytes, headers: Mapping[str, str] | None = None) -> Any:
    data = body if isinstance(body, bytes) else urllib.parse.urlencode(body).encode()
    try:
        return json.loads(web.ask(url, data, {"Accept": "application/json", **(headers or {})}))
    except web.WebError as refusal:
        # What the server says may repeat the token; the status says enough.
        sys.exit(f"login: {refusal}; docs/ci.md says whom the registry's cloud has to trust")


def _ask_aws(region: str, domain: str) -> tuple[str, str]:
    """The role's credentials for the token (STS), then a login of twelve hours for them (ECR)."""
    question = {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": _need("REGISTRY_ROLE"),
        "RoleSessionName": "images",
        "DurationSeconds": "900",
        "WebIdentityToken": _need("ID_TOKEN"),
    }
    answer = _ask(f"https://sts.{region}.{domain}/", question)
    role = answer["AssumeRoleWithWebIdentityResponse"]["AssumeRoleWithWebIdentityResult"]["Credentials"]
    host = f"api.ecr.{region}.{domain}"
    said = _ask(f"https://{host}/", b"{}", sign(host, region, role, dt.datetime.now(dt.UTC)))
    token = base64.b64decode(said["authorizationData"][0]["authorizationToken"]).decode()
    user, _, password = token.partition(":")
    return user, password


def sign(host: str, region: str, role: Mapping[str, str], now: dt.datetime) -> dict[str, str]:
    """The headers of ECR's GetAuthorizationToken, signed as AWS Signature Version 4 says."""
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "host": host,
        "x-amz-date": stamp,
        "x-amz-security-token": role["SessionToken"],
        "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    asked = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(b'{}').hexdigest()}"
    scope = f"{day}/{region}/ecr/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    key = f"AWS4{role['SecretAccessKey']}".encode()
    for part in (day, region, "ecr", "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    credential = f"Credential={role['AccessKeyId']}/{scope}"
    authorization = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={key.hex()}"
    return {**headers, "authorization": authorization}


def _ask_google() -> str:
    """A federated token, then one of the service account."""
    question = {
        "audience": f"//iam.googleapis.com/{_need('REGISTRY_PROVIDER')}",
        "grant_type": TOKEN_EXCHANGE,
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "subject_token": _need("ID_TOKEN"),
    }
    federated = _ask("https://sts.googleapis.com/v1/token", question)["access_token"]
    account = urllib.parse.quote(_need("REGISTRY_ROLE"))
    url = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    body = json.dumps({"scope": [question["scope"]], "lifetime": "900s"}).encode()
    said = _ask(url, body, {"Authorization": f"Bearer {federated}", "Content-Type": "application/json"})
    return str(said["accessToken"])


def _ask_azure(host: str) -> str:
    """A token of Entra ID for the federated one, then the registry's own."""
    tenant = _need("REGISTRY_TENANT")
    question = {
        "client_id": _need("REGISTRY_ROLE"),
        "client_assertion": _need("ID_TOKEN"),
        "client_assertion_type": CLIENT_ASSERTION,
        "grant_type": "client_credentials",
        "scope": "https://management.azure.com/.default",
    }
    entra = _ask(f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", question)["access_token"]
    exchange = {"grant_type": "access_token", "service": host, "tenant": tenant, "access_token": entra}
    return str(_ask(f"https://{host}/oauth2/exchange", exchange)["refresh_token"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
