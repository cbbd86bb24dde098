"""Rendering: templates and a context in, artifacts out. Pure but for what a hostile template does to its process.

Run it in a pool.Pool, which bounds time and memory and survives crashes:

    renderer = Renderer(discover(origins))
    with Pool(jobs) as pool:
        futures = {name: pool.submit(renderer.render_environment, name, context) for name, context in contexts.items()}
        artifacts = {name: future.result() for name, future in futures.items()}
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hftgen.errors import InputError, Problem
from hftgen.render.artifact import Artifact
from hftgen.render.driver import is_jsonnet
from hftgen.render.engine import Engine, Failure, Note, Place
from hftgen.render.files import Writer
from hftgen.render.outputs import Output, Scope, expand, for_environment, for_repository
from hftgen.render.templates import TemplateSet

MAX_PROBLEMS = 100


class Renderer:
    """Renders with one template tree. Keeps compiled templates from one call to the next, and nothing else."""

    def __init__(self, templates: TemplateSet) -> None:
        self._templates = templates
        self._engines: dict[str, Engine] = {}
        self._writer = Writer(templates)

    def __reduce__(self) -> tuple[Any, ...]:
        return Renderer, (self._templates,)

    def render_environment(
        self, name: str, context: dict[str, Any], *, place: Place | None = None, note: Note | None = None
    ) -> tuple[Artifact, ...]:
        """Every file of an environment, sorted by path; `context` is plain JSON, what templates get as `env`.

        `place` tells where the spec says a field, for what is wrong with a patch. Raises InputError with all templates
        and patches that fail. With `note` it goes template by template and says so before
        each, so that whoever watches knows which one killed the process.
        """
        scope = for_environment(name, context)
        return self._render(scope, note, place or (lambda _: (scope.spec, 0, 0)))

    def render_repository(
        self, contexts: Mapping[str, dict[str, Any]], *, note: Note | None = None
    ) -> tuple[Artifact, ...]:
        """Every file below rendered/repository/, as above; `contexts` of all environments by name."""
        return self._render(for_repository(contexts), note)

    def _render(self, scope: Scope, note: Note | None, place: Place | None = None) -> tuple[Artifact, ...]:
        if note is not None:
            note("", scope.subject)
        outputs = expand(self._templates, scope)
        values = self._evaluate(outputs, scope, note)
        asked = scope.data["env"].get("patches") if place else None
        if asked and place:
            values = _patch(values, asked, place)
        written = [self._writer.write(output, value, scope) for output, value in zip(outputs, values, strict=True)]
        failures = [each.problem for each in written if isinstance(each, Failure)]
        if failures:
            raise InputError(_gather(failures))
        return tuple(each for each in written if isinstance(each, Artifact))

    def _evaluate(self, outputs: Sequence[Output], scope: Scope, note: Note | None) -> list[Any]:
        """Each output's value: of Jsonnet the value, of Jinja2 the text, True for a copy; null for no file."""
        values: list[Any] = [True] * len(outputs)

        def ask(engine: str, numbers: list[int]) -> None:
            if numbers:
                asked = [outputs[number] for number in numbers]
                for number, value in zip(numbers, self._start(engine).evaluate(asked, scope, note), strict=True):
                    values[number] = value

        ask("jsonnet", [number for number, output in enumerate(outputs) if is_jsonnet(output) or output.guards])
        ask(
            "jinja",
            [number for number, output in enumerate(outputs) if output.kind == "jinja" and values[number] is True],
        )
        return values

    def _start(self, name: str) -> Engine:
        if name not in self._engines:
            self._engines[name] = _ENGINES[name](self._templates)
        return self._engines[name]


def _start_jsonnet(templates: TemplateSet) -> Engine:
    from hftgen.render.jsonnet import JsonnetEngine

    return JsonnetEngine(templates)


def _start_jinja(templates: TemplateSet) -> Engine:
    from hftgen.render.jinja import JinjaEngine

    return JinjaEngine(templates)


# Each imports its library where the tree has a template for it.
_ENGINES: dict[str, Callable[[TemplateSet], Engine]] = {"jsonnet": _start_jsonnet, "jinja": _start_jinja}


def _patch(values: Sequence[Any], asked: Sequence[Mapping[str, Any]], place: Place) -> list[Any]:
    """The values with the patches that were asked for; raises InputError, unless a template failed."""
    from hftgen.render.patches import Patching

    patching = Patching()
    patched = [patching.patch(value) for value in values]
    problems = list(patching.list_problems(asked, place))
    if problems and not any(isinstance(value, Failure) for value in values):
        raise InputError(problems)
    return patched


def _gather(failures: Sequence[Problem]) -> list[Problem]:
    """One problem for what went wrong the same way at the same place, in whatever it was rendered for; at most 100."""
    subjects: dict[Problem, list[str]] = {}
    for problem in failures:
        subjects.setdefault(problem._replace(subject=""), []).append(problem.subject)
    problems = [problem._replace(subject=_join(found)) for problem, found in sorted(subjects.items())]
    rest = len(problems) - MAX_PROBLEMS
    more = [Problem("templates", 0, 0, "", f"{rest} more problems are not shown")] if rest > 0 else []
    return problems[:MAX_PROBLEMS] + more


def _join(subjects: list[str]) -> str:
    distinct = list(dict.fromkeys(subjects))
    return f"{distinct[0]}, and {len(distinct) - 1} more" if len(distinct) > 1 else distinct[0]
