"""`hftgen validate` with real tools: the committed tree passes, and each tool sees the error that is planted for it."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.tree import Tree
from tests.tools import pins
from tests.tools.process import run

pytestmark = pytest.mark.tools

HFTGEN = Path(sys.executable).with_name("hftgen")


def validate(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and answer in a repository."""
    done = run([HFTGEN, "validate", "--tools", pins.BIN, "--format", "json", *options], cwd=folder)
    assert done.code in (0, 1), done.both()
    return done.code, json.loads(done.out)


def plant(folder: Path, name: str, text: str) -> None:
    """A template of the repository's own."""
    file = folder / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small repository whose tree is right."""
    shutil.copytree(Path(__file__).with_name("platforms") / "plain", tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_what_is_rendered_passes(tree: Tree) -> None:
    """By the schemas of Kubernetes, kubeconform, kustomize and helm; what is rendered is what the specs say."""
    code, answer = validate(tree.repository, "--as-of", "2026-11-22")
    blocking = [finding for finding in answer["findings"] if finding["severity"] == "blocking" or finding["dated"]]
    assert (code, blocking) == (0, [])
    assert {tool["name"] for tool in answer["tools"] if tool["found"]} >= {"kubeconform", "kustomize", "helm"}
    assert all(environment["objects"] for environment in answer["environments"])
    assert "HFT-X23" not in {finding["rule"] for finding in answer["findings"]}


def test_an_unknown_field_is_seen_twice(repository: Path) -> None:
    """By ours and by kubeconform, of one object, at the service's line."""
    item = "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, dta: {} }"
    plant(repository, "kustomize/base/[service]/extra.yaml.jsonnet", f"function(env, service) {item}")
    code, answer = validate(repository)
    found = [finding for finding in answer["findings"] if finding["severity"] == "blocking"]
    assert code == 1
    assert {finding["rule"] for finding in found} == {"HFT-X22", "HFT-X24"}
    assert {finding["subject"] for finding in found} == {"ConfigMap/x"}
    assert all(finding["line"] and finding["path"].endswith("/extra.yaml") for finding in found)


def test_an_overlay_that_cannot_be_built_is_seen(repository: Path) -> None:
    """A resource that nobody writes, which no schema can tell."""
    text = "function(env, cluster, service) { resources: ['absent.yaml'] }"
    plant(repository, "kustomize/overlays/[cluster]/[service]/kustomization.yaml.jsonnet", text)
    code, answer = validate(repository)
    messages = [finding["message"] for finding in answer["findings"] if finding["rule"] == "HFT-X24"]
    assert code == 1
    assert messages
    assert all("kustomize refuses it" in message and "absent.yaml" in message for message in messages)


def test_a_chart_that_breaks_helm_s_rules_is_seen(repository: Path) -> None:
    """One without a version."""
    plant(repository, "helm/[project]/Chart.yaml.jsonnet", "function(env) { apiVersion: 'v2', name: env.project }")
    code, answer = validate(repository)
    messages = [finding["message"] for finding in answer["findings"] if finding["rule"] == "HFT-X24"]
    assert code == 1
    assert any("helm refuses it" in message and "version" in message for message in messages)
