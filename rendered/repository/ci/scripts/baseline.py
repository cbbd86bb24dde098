"""Fetch the benchmark result of the default branch, for the job's own token.

usage: baseline.py RESULT OUTPUT        RESULT as the job benchmark keeps it, such as reports/benchmark.json

A branch that has none yet gives no file; any other answer of the server is an error, or a server that is down would
switch the gate off.
"""

import io
import json
import os
import sys
import urllib.parse
import zipfile
from collections.abc import Mapping
from pathlib import Path

import web

MISSING = 404


def main(result: str, output: str) -> int:
    """Write OUTPUT, where there is a result."""
    found = _ask_github(result) if os.environ.get("GITHUB_ACTIONS") else _ask_gitlab(result)
    if found is None:
        print("the default branch has no result yet")
        return 0
    Path(output).write_bytes(found)
    return 0


def _ask_gitlab(result: str) -> bytes | None:
    """The file of the last good pipeline on the default branch."""
    project = f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}"
    branch = urllib.parse.quote(os.environ["CI_DEFAULT_BRANCH"], safe="")
    url = f"{project}/jobs/artifacts/{branch}/raw/{result}?job=benchmark"
    return _fetch(url, {"JOB-TOKEN": os.environ["CI_JOB_TOKEN"]})


def _ask_github(result: str) -> bytes | None:
    """The newest artifact `benchmark` of a run on the default branch."""
    base = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/actions/artifacts"
    headers = {"Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}", "Accept": "application/vnd.github+json"}
    said = json.loads(_fetch(f"{base}?name=benchmark&per_page=100", headers) or b"{}")
    branch = os.environ["DEFAULT_BRANCH"]
    for artifact in said.get("artifacts", []):
        run = artifact.get("workflow_run") or {}
        # A fork's branch may have the default branch's name.
        own = run.get("head_repository_id") == run.get("repository_id")
        if run.get("head_branch") == branch and own and not artifact["expired"]:
            packed = _fetch(artifact["archive_download_url"], headers)
            return zipfile.ZipFile(io.BytesIO(packed)).read(Path(result).name) if packed else None
    return None


def _fetch(url: str, headers: Mapping[str, str]) -> bytes | None:
    try:
        # The stored file lies on another server, which does not see the token.
        return web.ask(url, headers=headers)
    except web.WebError as refusal:
        if refusal.status == MISSING:
            return None
        sys.exit(f"baseline: {refusal}; run the job again")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
