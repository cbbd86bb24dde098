"""The health check after a sync: what was merged runs, and answers.

usage: smoke.py ENVIRONMENT [--timeout 1800]

First each Application is asked of Argo CD until it is Synced and Healthy; then every exposed service until it has
answered three times in a row. Exit code 1: it did not. 75: the target is frozen, so that nothing was synced yet.

ARGOCD_SERVER        https://argocd.example.com, or for one of several clusters ARGOCD_SERVER_<CLUSTER> (- becomes _)
ARGOCD_AUTH_TOKEN    a token that may read the environment's Applications, and no more; ..._<CLUSTER> likewise
"""

import argparse
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

import frozen
import web
from delivery import read_facts

ROW = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Wait, ask, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment")
    parser.add_argument("--timeout", type=float, default=1800)
    parser.add_argument("--pause", type=float, default=10)
    asked = parser.parse_args(arguments)
    environment = read_facts().find_environment(asked.environment)
    if frozen.main([asked.environment]) == frozen.FROZEN:
        return frozen.FROZEN
    if not is_well(environment, time.monotonic() + asked.timeout, asked.pause):
        # A freeze that began meanwhile keeps the rest of it from being synced.
        return frozen.FROZEN if frozen.main([asked.environment]) == frozen.FROZEN else 1
    counts = f"{len(environment['applications'])} applications, {len(environment['checks'])} services"
    print(f"{asked.environment} is well: {counts}")
    return 0


def is_well(environment: dict[str, Any], end: float, pause: float) -> bool:
    """Whether all Applications are synced and healthy, and then all services answer."""
    questions = [(lambda each=each: ask_argocd(each), 1) for each in environment["applications"]]
    questions += [(lambda each=each: ask_service(each), ROW) for each in environment["checks"]]
    return all(wait(ask, end, pause, row) for ask, row in questions)


def wait(ask: Callable[[], str], end: float, pause: float, row: int) -> bool:
    """Ask until nothing is wrong `row` times in a row, or the time is over."""
    good = 0
    wrong = "nobody was asked"
    while time.monotonic() < end:
        wrong = ask()
        good = 0 if wrong else good + 1
        if good == row:
            return True
        time.sleep(pause)
    print(wrong, file=sys.stderr)
    return False


def ask_argocd(application: dict[str, str]) -> str:
    """What is wrong with an Application, or nothing."""
    cluster = application["cluster"].upper().replace("-", "_")
    server = os.environ.get(f"ARGOCD_SERVER_{cluster}") or os.environ.get("ARGOCD_SERVER")
    token = os.environ.get(f"ARGOCD_AUTH_TOKEN_{cluster}") or os.environ.get("ARGOCD_AUTH_TOKEN")
    if not server or not token:
        sys.exit("smoke: ARGOCD_SERVER and ARGOCD_AUTH_TOKEN are not set for this environment; see docs/ci.md")
    url = f"{server.rstrip('/')}/api/v1/applications/{application['name']}?refresh=normal"
    status, body = fetch(url, {"Authorization": f"Bearer {token}"})
    if status != 200:
        return f"{application['name']}: Argo CD answers {status}"
    try:
        return judge(application["name"], json.loads(body).get("status", {}))
    except ValueError:
        return f"{application['name']}: {server} answers with a page; ARGOCD_SERVER is to be Argo CD's own address"


def judge(name: str, status: dict[str, Any]) -> str:
    """What is wrong with an Application's status, or nothing."""
    synced = status.get("sync", {}).get("status", "Unknown")
    health = status.get("health", {}).get("status", "Unknown")
    if (synced, health) == ("Synced", "Healthy"):
        return ""
    return f"{name} is {synced} and {health}"


def ask_service(check: dict[str, str]) -> str:
    """What is wrong with an exposed service, or nothing."""
    status, _ = fetch(check["url"], {})
    return "" if 200 <= status < 400 else f"{check['service']}: {check['url']} answers {status or 'nothing'}"


def fetch(url: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and body; 0 where nobody answers."""
    try:
        return web.fetch(urllib.request.Request(url, headers=headers), timeout=15)
    except web.WebError as refusal:
        return refusal.status, b""


if __name__ == "__main__":
    sys.exit(main())
