"""Why an output of Jsonnet has no value: evaluated alone by the reference implementation, which names places."""

import re
from typing import Any

from hftgen.errors import Problem, format_place
from hftgen.render.driver import is_jsonnet, write_call
from hftgen.render.engine import Failure
from hftgen.render.imports import Importer
from hftgen.render.outputs import Call, Output
from hftgen.render.reference import RefusalError, evaluate, read_parameters
from hftgen.render.values import parse_value

MAX_EVALUATIONS = 20
_ENGINE_WORDS = re.compile(r"^(runtime error: |import_callback error: \w+: )")
_RJSONNET_FRAME = re.compile(r"^ +(?P<file>templates/[^\n]+?):(?P<line>\d+):(?P<column>\d+)", re.MULTILINE)


class Diagnosis:
    """Explains the failures of one scope; `text` is its data as JSON.

    The reference implementation needs 40 ms to start, so it is asked about the first 20 failures that differ; of the
    others rjsonnet's own words are told, with a place if they have one.
    """

    def __init__(self, importer: Importer, text: str) -> None:
        self._importer = importer
        self._text = text
        self._known: dict[tuple[str, str], Problem] = {}

    def explain(self, output: Output, message: str) -> Problem:
        """The problem of an output for which rjsonnet gave `message`. What failed likewise is not evaluated again."""
        key = (output.call.source, message)
        known = self._known.get(key)
        if known is None:
            asked = len(self._known) < MAX_EVALUATIONS
            found = self.evaluate(output) if asked else None
            known = found.problem if isinstance(found, Failure) else self._quote(output, message, asked=asked)
            self._known[key] = known
        return known._replace(subject=output.subject)

    def evaluate(self, output: Output) -> Any:
        """The output's value by the reference implementation, or its Failure; null where a guard does not hold."""
        try:
            return self._evaluate_output(output)
        except _FoundError as found:
            return Failure(found.problem)

    def _evaluate_output(self, output: Output) -> Any:
        for guard in output.guards:
            holds = self._evaluate(guard, output)
            if not isinstance(holds, bool):
                raise _FoundError(_wrong_guard(guard, holds, output))
            if not holds:
                return None
        return self._evaluate(output.call, output) if is_jsonnet(output) else True

    def _evaluate(self, call: Call, output: Output) -> Any:
        try:
            return parse_value(evaluate(write_call(call), self._text, self._importer))
        except RefusalError as refusal:
            # Refused before anything of a template ran: it is called with the wrong arguments, or is no function.
            wrong = None if refusal.places else self._find_wrong_call(call, output)
            raise _FoundError(wrong or _describe(refusal, call, output)) from None
        except ValueError as error:
            raise _FoundError(Problem(call.label, 0, 0, "", str(error), subject=output.subject)) from None

    def _find_wrong_call(self, call: Call, output: Output) -> Problem | None:
        parameters = read_parameters(call, self._importer)
        if parameters == len(call.arguments):
            return None
        found = "no function" if parameters is None else f"a function of {parameters}"
        signature = f"function({', '.join(argument.name for argument in call.arguments)})"
        message = "does not take the arguments that its path names"
        return Problem(call.label, 0, 0, "", message, found, signature, subject=output.subject)

    def _quote(self, output: Output, message: str, *, asked: bool) -> Problem:
        """The problem in rjsonnet's words; `asked` says that the reference implementation did not find it."""
        first = _ENGINE_WORDS.sub("", message.split("\n", 1)[0])
        hint = "only rjsonnet refuses it, the reference implementation does not: use what both have" if asked else ""
        frame = _RJSONNET_FRAME.search(message)
        label = self._importer.find_label(frame["file"]) if frame else None
        if frame is None or label is None:
            return Problem(output.label, 0, 0, "", first, hint=hint, subject=output.subject)
        return Problem(label, int(frame["line"]), int(frame["column"]), "", first, hint=hint, subject=output.subject)


class _FoundError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


def _describe(refusal: RefusalError, call: Call, output: Output) -> Problem:
    """The innermost place is where it went wrong; if that is a library, the hint says which line led there."""
    if not refusal.places:
        return Problem(call.label, 0, 0, "", refusal.message, subject=output.subject)
    first = refusal.places[0]
    outer = next((place for place in refusal.places if place.file == call.label), None)
    hint = ""
    if first.file != call.label:
        hint = f"called from {format_place(*outer)}" if outer else f"used by {call.label}"
    return Problem(*first, "", refusal.message, hint=hint, subject=output.subject)


def _wrong_guard(guard: Call, value: Any, output: Output) -> Problem:
    kind = {dict: "an object", list: "a list", str: "text", type(None): "null"}.get(type(value), "a number")
    return Problem(guard.label, 0, 0, "", "a guard says true or false", kind, "a boolean", subject=output.subject)
