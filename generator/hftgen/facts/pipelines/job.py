"""A job of a pipeline, as every system knows it."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from hftgen.facts.record import Facts

Event = Literal["merge", "main", "release", "nightly"]
"""When a job runs: for a merge request, on the default branch, for a tag of a version, every night."""

Tool = Literal["builder", "tools", "terraform"]
"""The image that a job runs in: what compiles, what publishes and delivers, what changes infrastructure."""

Token = Literal["registry", "sigstore", "platform", "argocd"]
"""What a job may reach. It gets a credential for that, of its own and for minutes, and for nothing else."""

EVENTS: tuple[Event, ...] = ("merge", "main", "release", "nightly")
FROZEN = 75
"""The exit code of a job that a freeze keeps from its work: no failure, and no success either."""


class Run(NamedTuple):
    """One of the parallel runs of a job: its name, where it runs, and the variables that tell it from the others."""

    name: str
    runner: str
    variables: Mapping[str, str]


class Job(NamedTuple):
    """One job.

    - `reason`: why it is there, for readers
    - `script`: shell lines, the same in every system
    - `runs`: parallel runs; without any, one run on `runner`
    - `needs`: jobs that must have passed, where the pipeline has them; `paired`: of that one, the run of the same name
    - `keeps`: paths for later jobs and for people, for `days`; `junit`: paths of test reports
    - `sboms`, `sarif`: reports of their kinds; `baseline`: the result that the next one is held against
    - `caches`: whether compiler and packages are cached; `tokens`: what it may reach
    - `approval`: a person starts it; `environment`: the target it works on, whose protection it is under
    - `exclusive`: of all jobs of that name, in all pipelines, one at a time
    - `lasting`: it is never interrupted by a newer pipeline; `history`: it needs every commit
    - `patient`: the exit code 75 (a freeze) is a warning
    """

    name: str
    stage: str
    reason: str
    on: tuple[Event, ...]
    script: tuple[str, ...]
    minutes: int
    tool: Tool = "builder"
    runner: str = ""
    runs: tuple[Run, ...] = ()
    variables: Mapping[str, str] = {}
    needs: tuple[str, ...] = ()
    paired: str = ""
    keeps: tuple[str, ...] = ()
    days: int = 7
    junit: tuple[str, ...] = ()
    sboms: tuple[str, ...] = ()
    sarif: str = ""
    baseline: str = ""
    caches: bool = False
    tokens: tuple[Token, ...] = ()
    environment: str = ""
    approval: bool = False
    exclusive: str = ""
    lasting: bool = False
    history: bool = False
    patient: bool = False

    def describe(self) -> Facts:
        """As plain JSON, for templates."""
        fields: dict[str, Any] = self._asdict()
        fields["runs"] = [run._asdict() | {"variables": dict(run.variables)} for run in self.runs]
        fields["variables"] = dict(self.variables)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()}
