"""One scalar as YAML text that every reader takes for the same value.

Readers differ: YAML 1.1 (PyYAML) knows `y`, `1:30` and `0o7` as other things than YAML 1.2 (ruamel) or Go
(sigs.k8s.io/yaml, yaml.v2, yaml.v3: kubectl, Argo CD, Helm). So a string stays without quotes only if it is made of
harmless ASCII and no reader could see a number, a boolean, a null, a date or an indicator in it.
"""

import re

from hftgen.render.unwritable import UnwritableError

WORDS = frozenset("y n yes no on off true false null nan inf infinity".split())  # noqa: SIM905 - reads as a table

# What may stand without quotes at all: begins harmlessly, no `: `, no ` #`, no space or colon at the end.
PLAIN = re.compile(r"(?:[A-Za-z0-9_/.$(\\+]|-(?! |$))(?:[!-9;-~]|:(?! )| (?!#))*(?<![ :])", re.ASCII)

# Numbers and dates of any reader, and what looks like them; Go drops underscores before it looks.
NUMBER = re.compile(
    r"""[-+]?(?:\d+(?::\d+)*)?\.?\d*(?:[eE][-+]?\d*)?   # 1  08  1.  .5  1e3  12e03  1:30  +  .  -
      | [-+]?0[xX][0-9a-fA-F.pP+-]*                     # 0x1f
      | [-+]?0[oO][-+]?[0-9]* | [-+]?0[bB][-+]?[01]*    # 0o7  0b11  and, for Go, 0b+1
      | [-+]?\.?(?:inf|nan|infinity)                    # .inf
      | \d{4}-\d\d?-\d\d?(?:[Tt ].*)?                   # 2001-01-01""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
NUMBER_STARTS = frozenset("0123456789+-._")

# What quotes must escape: controls, other line ends, byte order marks, and the invisible characters that let a
# reviewer read something else than the machine. The ranges are ours, because str.isprintable changes with Python.
ESCAPED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")
SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}

# The same without tab and line feed: what a literal block cannot hold.
UNBLOCKED = re.compile(ESCAPED.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
LINE_WITH_TEXT = re.compile(r"^(?=[^\n])", re.MULTILINE)

# Readers give up on a key in one line after 1024 characters; bytes are counted to be on the safe side.
LONGEST_SIMPLE_KEY = 1000

INT64 = 2**63
HALF_PAIR = "half of a surrogate pair is no character"


def write_text(text: str) -> str:
    """A string on one line: without quotes where nobody misreads it, else quoted. Raises UnwritableError."""
    if is_plain(text):
        return text
    if SURROGATE.search(text):
        raise UnwritableError(HALF_PAIR)
    if ESCAPED.search(text) or not ('"' in text or "\\" in text):
        return quote(text)
    return "'" + text.replace("'", "''") + "'"


def write_key(text: str) -> str:
    """A mapping's key with its colon; `? key` and `:` on two lines joined by a line feed when it is too long."""
    written = write_text(text)
    if len(written.encode()) > LONGEST_SIMPLE_KEY:
        return f"? {written}\n:"
    return written + ":"


def is_plain(text: str) -> bool:
    """Whether every reader takes the text without quotes for this string."""
    if not PLAIN.fullmatch(text) or text.lower() in WORDS or "{{" in text:
        return False
    if text.startswith(("---", "...")):
        return False
    return text[0] not in NUMBER_STARTS or not NUMBER.fullmatch(text.replace("_", ""))


def quote(text: str) -> str:
    """The text in double quotes, on one line."""
    return '"' + ESCAPED.sub(_escape, text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def escape_invisible(text: str) -> str:
    """The text with what no comment can hold written as escapes. Raises UnwritableError."""
    if SURROGATE.search(text):
        raise UnwritableError(HALF_PAIR)
    return ESCAPED.sub(_escape, text)


def is_block(text: str) -> bool:
    """Whether the text is written as a literal block: it has lines, something to see, and nothing to escape.

    Not if it begins with a tab: kustomize writes such a block anew without its indicator, and fails on its own text.
    """
    if "\n" not in text or not text.strip() or text.lstrip("\n").startswith("\t"):
        return False
    return not UNBLOCKED.search(text) and not SURROGATE.search(text)


def keeps_blank_end(text: str) -> bool:
    """Whether the text ends in several line feeds, which as a block only `|+` keeps."""
    return text.endswith("\n\n")


def write_block(text: str, indent: str) -> str:
    """A literal block: its indicator, then its lines, each with `indent` before it, without the last line feed.

    `indent` is two deeper than the parent. The indicator says so where a first line that begins with white space
    would hide it.
    """
    hint = "2" if text[0] in " \n" else ""
    if not text.endswith("\n"):
        chomp, body = "-", text
    else:
        chomp, body = "+" if keeps_blank_end(text) else "", text[:-1]
    return f"|{hint}{chomp}\n{LINE_WITH_TEXT.sub(indent, body)}"


def write_atom(value: object) -> str:
    """A null, boolean or number, alike in YAML and JSON. Raises UnwritableError for anything else.

    Jsonnet knows one kind of number, so a whole one is written without a dot as far as 64 bits reach. Beyond, and
    for fractions, a dot and a signed exponent: YAML 1.1 takes `1e+20` for a string.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _write_float(value)
    if isinstance(value, int):
        return str(value)
    raise UnwritableError(f"{type(value).__name__} is no JSON value")


def _write_float(value: float) -> str:
    if value - value != 0:
        raise UnwritableError(f"{value} is no JSON number")
    if value.is_integer() and abs(value) < INT64:
        return str(int(value))
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return SHORT_ESCAPES.get(character) or (
        f"\\x{ord(character):02x}" if character < "\x80" else f"\\u{ord(character):04x}"
    )
