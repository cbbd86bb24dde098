"""Dockerfiles: accepted by hadolint, and as small and as locked as an image can be."""

import re
from pathlib import Path

import pytest

from hftgen.spec.units import ServiceName
from tests.e2e.tree import Tree
from tests.tools import hadolint
from tests.tools.process import run

pytestmark = pytest.mark.delivery

FOUND = re.compile(r"^FROM (\S+)", re.MULTILINE)


def test_hadolint_has_nothing_to_say(tree: Tree) -> None:
    """Of no file, and no rule is switched off but where a comment gives the reason."""
    said = [hadolint.lint(file) for file in sorted(tree.rendered.glob("repository/docker/*/Dockerfile"))]
    assert [done.both() for done in said if done.code or done.both()] == []


def test_hadolint_is_not_deaf(committed: Tree, tmp_path: Path) -> None:
    """Were a base a moving tag, or a pipe's failure lost, it would be told."""
    file = committed.rendered / "repository/docker/trading-engine/Dockerfile"
    text = file.read_text(encoding="utf-8")
    for wrong, rule in (
        (re.sub(r"FROM gcr\.io\S+", "FROM ubuntu", text), "DL3006"),
        (re.sub(r"SHELL .*\n", "", text).replace("> /tmp/preset", "| tee /tmp/preset"), "DL4006"),
        (text.replace("# hadolint ignore=DL3008\n", ""), "DL3008"),
    ):
        assert wrong != text
        spoilt = tmp_path / "Dockerfile"
        spoilt.write_text(wrong, encoding="utf-8")
        assert rule in hadolint.lint(spoilt).out


def test_a_volumes_path_is_a_word_of_the_shell(tree: Tree, tmp_path: Path) -> None:
    """A shell makes the folder that the spec names, whatever signs its name has, and runs nothing of it."""
    file = tree.rendered / "repository/docker/engine/Dockerfile"
    if tree.repository.name.startswith("words"):
        line = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("RUN mkdir"))
        done = run(["sh", "-c", line.removeprefix("RUN ").replace("/out/", "out/")], cwd=tmp_path)
        assert done.code == 0, done.both()
        path = tree.load("development").services[ServiceName("engine")].volumes["journal"].path
        assert [str(found) for found in tmp_path.iterdir()] == [str(tmp_path / "out")]
        assert (tmp_path / f"out/volumes{path}").is_dir()


def test_images_begin_and_end_as_they_should(tree: Tree) -> None:
    """Every base is bytes, not a tag; the last stage is distroless, is nobody who is root, and carries no secret."""
    for file in tree.rendered.glob("repository/docker/*/Dockerfile"):
        text = file.read_text(encoding="utf-8")
        stages = [base for base in FOUND.findall(text) if base != "builder"]
        assert all("@sha256:" in base for base in stages if base != "debian:13"), file
        runtime = text.rpartition("\nFROM ")[2]
        assert "distroless" in runtime.partition("\n")[0]
        assert re.search(r"^USER [1-9][0-9]*:[1-9][0-9]*$", runtime, re.MULTILINE)
        assert "RUN " not in runtime
        assert re.search(r"^ENTRYPOINT \[", runtime, re.MULTILINE)
        assert not re.search(r"(?i)(password|token|secret)\s*=\s*\S", text)
