"""The Jsonnet engine: rjsonnet evaluates all outputs at once; when that fails, the C++ jsonnet says where and why."""

import contextlib
from collections.abc import Sequence
from typing import Any

from hftgen.errors import InputError, Problem, format_path
from hftgen.render.diagnosis import Diagnosis
from hftgen.render.driver import write_driver
from hftgen.render.engine import Failure, Note
from hftgen.render.imports import Importer
from hftgen.render.outputs import Output, Scope
from hftgen.render.reference import evaluate
from hftgen.render.templates import TemplateSet
from hftgen.render.values import find_inexact, has_long_number, parse_value

# Collecting cyclic garbage is two fifths of an evaluation; what is left behind goes with the worker, which is replaced
# before that is much.
_GARBAGE = 10_000_000


class EvaluationError(Exception):
    """What rjsonnet says."""


class JsonnetEngine:
    """Evaluates the Jsonnet templates of a tree, and the guards of all templates.

    Keeps nothing between calls, but leaves garbage: some 8 MB for a hundred files.
    """

    def __init__(self, templates: TemplateSet) -> None:
        self._importer = Importer(templates.files)

    def evaluate(self, outputs: Sequence[Output], scope: Scope, note: Note | None = None) -> list[Any]:
        """As engine.Engine. For an output of another engine: whether its guards hold. Raises InputError for the data.

        null stands for an output that does not exist in this scope.
        """
        _check_integers(scope)
        if note is None:
            with contextlib.suppress(EvaluationError):
                return self._run(outputs, scope.text)
        return self._evaluate_alone(outputs, scope.text, note)

    def _run(self, outputs: Sequence[Output], text: str) -> list[Any]:
        """All values. Raises EvaluationError for the first that has none."""
        import rjsonnet

        try:
            written = rjsonnet.evaluate_snippet(
                "driver",
                write_driver(outputs),
                import_callback=self._importer.import_text,
                tla_vars={"text": text},
                gc=False,  # type: ignore[call-arg]  # the library's own stub lacks it
                gc_min_objects=_GARBAGE,
            )
            values = parse_value(written)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of Rust is no Exception
            raise EvaluationError(str(error)) from None
        return [values[str(number)] for number in range(len(outputs))]

    def _evaluate_alone(self, outputs: Sequence[Output], text: str, note: Note | None) -> list[Any]:
        """Each output by itself, so that all that fail are known."""
        diagnosis = Diagnosis(self._importer, text)
        values: list[Any] = []
        for output in outputs:
            if note is not None:
                note(output.label, output.subject)
            try:
                values += self._run([output], text)
            except EvaluationError as error:
                values.append(Failure(diagnosis.explain(output, str(error))))
        return values


def evaluate_reference(templates: TemplateSet, outputs: Sequence[Output], scope: Scope) -> list[Any]:
    """What `JsonnetEngine.evaluate` gives, by the C++ jsonnet, for tests: ten times slower. Raises RefusalError."""
    values = parse_value(evaluate(write_driver(outputs), scope.text, Importer(templates.files)))
    return [values[str(number)] for number in range(len(outputs))]


def _check_integers(scope: Scope) -> None:
    if has_long_number(scope.text) and (path := find_inexact(scope.data)) is not None:
        message = "an integer above 2^53 would be rounded by templates"
        field = format_path(path[1:])
        raise InputError([Problem("", 0, 0, field, message, hint="write it as text", subject=scope.subject)])
