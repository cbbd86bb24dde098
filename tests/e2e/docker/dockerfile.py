"""A Dockerfile's stages run on this machine, with the folders of an image in a folder of the test.

What only a Docker engine could tell stays untold: whether the base images have the packages, and mounts.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.tools.process import Done, run

# Folders of the image that commands name.
FOLDERS = re.compile(r"(?<![\w./-])/(?:src|out|tmp|opt/test|var/cache/cargo)\b")
WORDS = re.compile(r"^(SHELL|WORKDIR|ENV|COPY|RUN) +(.*)$", re.MULTILINE)
SHELLS = {"SH": ["sh", "-c"], "BASH": ["bash", "-euo", "pipefail", "-c"]}


class Step(NamedTuple):
    """A command, what it is a command of, its folder in the image, and what ENV said before it."""

    command: str
    shell: str
    folder: str
    env: dict[str, str]


def list_steps(text: str) -> list[Step]:
    """The commands from the one after the sources are copied on, those of the stage `test` among them."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return list(_follow(lines.replace("\\\n", " ")))


def _follow(lines: str) -> Iterator[Step]:
    folder, env, shell, copied = "/", dict[str, str](), "SH", False
    for word, rest in WORDS.findall(lines.partition(" AS runtime")[0]):
        if word == "SHELL":
            shell = "BASH"
        if word == "WORKDIR":
            folder = rest
        elif word == "ENV":
            env = env | dict(re.findall(r"(\w+)=(\S+)", rest))
        elif word == "COPY":
            copied = copied or rest == ". ."
        elif copied:
            yield Step(re.sub(r"--mount=\S+\s*", "", rest), shell, folder, env)


def execute(step: Step, image: Path, env: dict[str, str]) -> Done:
    """One command, where `image` stands for the image's root."""
    move = {key: FOLDERS.sub(lambda found: f"{image}{found[0]}", value) for key, value in step.env.items()}
    move.pop("PATH", None)
    folder = image / step.folder.lstrip("/")
    (image / "tmp").mkdir(exist_ok=True)
    command = FOLDERS.sub(lambda found: f"{image}{found[0]}", step.command)
    return run([*SHELLS[step.shell], command], cwd=folder, env={"PATH": os.environ["PATH"], **move, **env})
