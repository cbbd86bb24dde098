"""Whether a template's bytes are text that an engine may be given."""

import re

from hftgen.errors import Problem
from hftgen.render.origin import SourceFile

MAX_DEPTH = 200
_ENDINGS = (".jsonnet", ".libsonnet", ".j2")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"()[]{}")
# Comments, text blocks, strings; what is left counts. A text block ends where a line is `|||` after blanks.
_SKIPPED = re.compile(
    rb"//[^\n]*|#[^\n]*|/\*.*?\*/|\|\|\|-?[ \t\r]*\n.*?\n[ \t]*\|\|\||@'(?:''|[^'])*'|@\"(?:\"\"|[^\"])*\""
    rb"|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"",
    re.DOTALL,
)


def check_text(file: SourceFile) -> list[Problem]:
    """What keeps a template from being read: not UTF-8, a byte order mark, NUL, brackets nested above 200 deep.

    Files that are only copied may hold anything. The engines' own answers would be a wrong place, or a crash.
    """
    if not file.path.endswith(_ENDINGS):
        return []
    fault = _find_fault(file.data)
    if fault is None and not file.path.endswith(".j2"):
        fault = _find_depth(file.data)
    if fault is None:
        return []
    offset, message, hint = fault
    line = file.data.count(b"\n", 0, offset) + 1
    column = offset - file.data.rfind(b"\n", 0, offset)
    return [Problem(file.label, line, column, "", message, hint=hint)]


def _find_fault(data: bytes) -> tuple[int, str, str] | None:
    if data.startswith(b"\xef\xbb\xbf"):
        return 0, "begins with a byte order mark", "save it as UTF-8 without one"
    if b"\0" in data:
        return data.index(b"\0"), "holds a NUL character", "templates are text"
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError as error:
            return error.start, "is not UTF-8", "save it as UTF-8"
    return None


def _find_depth(data: bytes) -> tuple[int, str, str] | None:
    if sum(data.count(bracket) for bracket in (b"(", b"[", b"{")) <= MAX_DEPTH:
        return None
    if _depth(data.translate(None, _NO_BRACKETS)) <= MAX_DEPTH:
        return None
    blanked = _SKIPPED.sub(lambda match: b" " * len(match.group()), data)
    depth = 0
    for match in re.finditer(rb"[()\[\]{}]", blanked):
        depth += 1 if match.group() in b"([{" else -1
        if depth > MAX_DEPTH:
            return match.start(), f"nests brackets more than {MAX_DEPTH} deep", "move the inner part into a library"
    return None


def _depth(brackets: bytes) -> int:
    """The deepest nesting if every bracket counted, those in text and comments too."""
    depth = deepest = 0
    for byte in brackets:
        depth = depth + 1 if byte in b"([{" else max(depth - 1, 0)
        deepest = max(depth, deepest)
    return deepest
