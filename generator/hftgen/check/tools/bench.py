"""Running tools: found in the folders that are given, all calls at once, none for ever."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from hftgen.check.tools.helm import Helm
from hftgen.check.tools.kubeconform import Kubeconform
from hftgen.check.tools.kustomize import Kustomize
from hftgen.check.tools.rollouts import RolloutsLint
from hftgen.check.tools.tool import Answer, Call, Refusal, Tool, Tree

TOOLS: tuple[Tool, ...] = (Kubeconform(), Kustomize(), Helm(), RolloutsLint())
SECONDS = 300
"""How long one call may take."""


class ToolReport(NamedTuple):
    """A tool: its version, empty where it is absent; what it looks at; how many calls it took."""

    name: str
    version: str
    looks: str
    calls: int


class Found(NamedTuple):
    """A tool and where it is; `path` is empty where it is not."""

    tool: Tool
    path: str


def find_tools(search: str) -> list[Found]:
    """All tools, and where each is on a search path such as PATH."""
    return [Found(tool, shutil.which(tool.name, path=search) or "") for tool in TOOLS]


def run_tools(
    found: Sequence[Found], trees: Sequence[Tree], jobs: int
) -> tuple[list[ToolReport], list[tuple[Tool, Tree, Refusal]]]:
    """What each tool is, and everything that they refuse; `jobs` calls run at once."""
    present = [(tool, path) for tool, path in found if path]
    planned = [(tool, path, call) for tool, path in present for tree in trees for call in tool.plan(tree)]
    with ThreadPoolExecutor(max(jobs, 1)) as pool:
        versions = dict(pool.map(_ask_version, present))
        refusals = [row for rows in pool.map(_run_call, planned) for row in rows]
    counts = {tool.name: sum(1 for other, _, _ in planned if other is tool) for tool in TOOLS}
    reports = [ToolReport(tool.name, versions.get(tool.name, ""), tool.looks, counts[tool.name]) for tool, _ in found]
    return reports, refusals


def _run_call(planned: tuple[Tool, str, Call]) -> list[tuple[Tool, Tree, Refusal]]:
    tool, path, call = planned
    return [(tool, call.tree, refusal) for refusal in _refuse(tool, call, _start(path, call.arguments))]


def _refuse(tool: Tool, call: Call, answer: Answer) -> Iterable[Refusal]:
    return tool.read(call, answer) if answer.code >= 0 else _give_up(call, answer)


def _give_up(call: Call, answer: Answer) -> Iterator[Refusal]:
    yield Refusal(call.about, "", answer.err or f"it was ended by signal {-answer.code}")


def _ask_version(present: tuple[Tool, str]) -> tuple[str, str]:
    tool, path = present
    answer = _start(path, tool.version)
    words = (answer.out or answer.err).split()
    return tool.name, next((word.strip("v,") for word in words if word.lstrip("v")[:1].isdigit()), "unknown")


def _start(path: str, arguments: Sequence[str]) -> Answer:
    """Run a program. A code below zero: it could not be run to its end."""
    try:
        done = subprocess.run(  # noqa: S603 - the tool that was found, and paths of ours
            [path, *arguments], capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Answer(-1, "", f"it took more than {SECONDS} s")
    except OSError as error:
        return Answer(-1, "", f"it cannot be started: {error.strerror or error}")
    return Answer(done.returncode, done.stdout, done.stderr)
