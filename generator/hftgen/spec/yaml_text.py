"""The bytes of a spec on their way to a YAML reader: size, UTF-8, byte order mark, forbidden characters."""

import re

from hftgen.errors import InputError, Problem

MAX_BYTES = 1 << 20
"""The largest spec, in bytes."""

MAX_NAMED = 20
"""How many forbidden characters of one file are named, at most."""

# U+0085, U+2028 and U+2029 are line breaks to YAML 1.1 readers and none to YAML 1.2 readers, so places and values
# would depend on the reader; a byte order mark inside the text is invisible.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|\r|\n")


def decode(data: bytes, file: str) -> str:
    """The text of a spec without its byte order mark; raises InputError where it is no text that YAML 1.2 allows."""
    if len(data) > MAX_BYTES:
        raise InputError([too_large(file, len(data))])
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError([_not_utf8(data, file, error.start)]) from None
    found = [match for _, match in zip(range(MAX_NAMED), _FORBIDDEN.finditer(text), strict=False)]
    if found:
        raise InputError(_forbidden(text, file, match) for match in found)
    return text


def too_large(file: str, size: int) -> Problem:
    """The problem of a spec of `size` bytes."""
    return Problem(
        file, 0, 0, "", "the file is too large", f"{size:,} bytes", f"at most {MAX_BYTES:,} bytes",
        "move parts that several environments share into a file of their own and name it in extends",
    )  # fmt: skip


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, counting from 1, of a character."""
    breaks = list(_BREAK.finditer(text, 0, offset))
    return len(breaks) + 1, offset - (breaks[-1].end() if breaks else 0) + 1


def _not_utf8(data: bytes, file: str, offset: int) -> Problem:
    head = data[:offset].decode("utf-8").removeprefix("\ufeff")
    line, column = position(head, len(head))
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return Problem(
        file, line, column, "", "the file is not UTF-8",
        f"byte 0x{data[offset]:02X} at offset {offset}" + (", the mark of UTF-16" if utf16 else ""),
        "UTF-8 text", "save the file as UTF-8 in your editor",
    )  # fmt: skip


def _forbidden(text: str, file: str, match: re.Match[str]) -> Problem:
    line, column = position(text, match.start())
    return Problem(
        file, line, column, "", "a character that a spec may not hold", f"U+{ord(match.group()):04X}",
        "printable text", f'delete it, or write it in double quotes as "{_escape(match.group())}"',
    )  # fmt: skip


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
