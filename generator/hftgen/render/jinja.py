"""The Jinja2 engine, for text that is no data structure: sandboxed, strict, deterministic.

Imported only where the tree has a `.j2`. Beyond Jinja's own: a mapping's key wins over a method of the same name; only
text and numbers can be printed (what Python would print for a list, a mapping, null or a boolean belongs in no file);
nothing is escaped; `tojson` writes plain JSON; lines that hold only a block tag leave nothing (trim_blocks,
lstrip_blocks). Includes, imports and extends name files from the root of the template tree.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateError, TemplateNotFound, Undefined
from jinja2.exceptions import TemplateSyntaxError
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from markupsafe import escape

from hftgen.errors import Problem
from hftgen.render.engine import Failure, Note
from hftgen.render.origin import SourceFile
from hftgen.render.outputs import Output, Scope, find
from hftgen.render.templates import TemplateSet

# Jinja's own, without what is random, prints Python's objects or marks text as safe.
_FILTERS = """
    abs attr batch capitalize center count d default dictsort filesizeformat first float format groupby indent int
    items join last length list lower map max min reject rejectattr replace reverse round select selectattr slice sort
    string sum title trim truncate unique upper urlencode wordcount wordwrap
"""
_GLOBALS = ("range", "dict", "cycler", "joiner", "namespace")


class JinjaEngine:
    """Evaluates the Jinja2 templates of a tree; keeps what it compiled."""

    def __init__(self, templates: TemplateSet) -> None:
        self._files = templates.files
        self._environment = _Environment(templates.files)

    def evaluate(self, outputs: Sequence[Output], scope: Scope, note: Note | None = None) -> list[Any]:
        """As engine.Engine. null stands for text that is empty but for white space: no file."""
        data = json.loads(scope.text)  # with sorted keys: no loop over a mapping depends on the spec's order
        values: list[Any] = []
        for output in outputs:
            if note is not None:
                note(output.label, output.subject)
            values.append(self._render(output, data))
        return values

    def _render(self, output: Output, data: Any) -> Any:
        variables = {argument.name: find(data, argument.path) for argument in output.call.arguments}
        try:
            text = self._environment.get_template(output.call.source).render(variables)
        except (MemoryError, KeyboardInterrupt, SystemExit):
            raise
        except Exception as error:  # noqa: BLE001 - a template can raise anything that Python can
            return Failure(self._explain(error, output))
        return text if text.strip() else None

    def _explain(self, error: Exception, output: Output) -> Problem:
        place = self._find_place(error) or (output.call.source, 0)
        label = self._files[place[0]].label
        hint = "" if place[0] == output.call.source else f"used by {output.label}"
        return Problem(label, place[1], 0, "", _describe(error), hint=hint, subject=output.subject)

    def _find_place(self, error: Exception) -> tuple[str, int] | None:
        """The template's file and line: those of a syntax error, else of the innermost template on the stack."""
        if isinstance(error, TemplateSyntaxError) and error.name in self._files:
            return error.name, error.lineno
        place = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in self._files and "__jinja_exception__" in trace.tb_frame.f_globals:
                place = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        return place


class _Environment(ImmutableSandboxedEnvironment):
    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        super().__init__(
            loader=_Loader(files),
            undefined=StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_finalize,
            auto_reload=False,
        )
        self.filters = {name: FILTERS[name] for name in _FILTERS.split()}
        self.filters |= {"tojson": _write_json, "escape": _escape, "e": _escape}
        self.tests = dict(TESTS)
        self.globals = {name: self.globals[name] for name in _GLOBALS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            return self.getitem(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, dict) and argument in obj:
            return obj[argument]
        return super().getitem(obj, argument)


class _Loader(BaseLoader):
    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self._files = files

    def get_source(self, environment: Any, template: str) -> tuple[str, str, None]:  # noqa: ARG002 - Jinja's signature
        file = self._files.get(template)
        if file is None:
            message = f"there is no file {template!r} in the template tree; paths begin at its root"
            raise TemplateNotFound(template, message)
        try:
            return file.data.decode(), template, None
        except UnicodeDecodeError:
            raise TemplateNotFound(template, f"{file.label} is not UTF-8, so no template can include it") from None


class _UnprintableError(TemplateError):
    """A value that no file should hold as Python would print it."""


def _finalize(value: Any) -> Any:
    if isinstance(value, str | Undefined):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        kind = {dict: "a mapping", list: "a list", bool: "a boolean", type(None): "null"}.get(type(value), "this")
        raise _UnprintableError(f"{kind} cannot be printed; write it out, or use the filter `tojson`")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _write_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, sort_keys=True)


def _escape(value: Any) -> str:
    return str(escape(value))


def _describe(error: Exception) -> str:
    if isinstance(error, TemplateError):
        return str(error.message or error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
