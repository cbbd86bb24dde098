"""Values that YAML readers are likely to misread, for property tests."""

from typing import Any

from hypothesis import strategies as st

from hftgen.render.layout import IF, LINES, RAW

# Pieces of text that mean something to some reader, and strings that some reader takes for something else.
PIECES = """
    y n Y yes No on OFF true False null Null ~ 0 1 08 0o7 0O7 0x1f 0X1F 0b11 0B11 1e3 12e03 1_000 1__0 5_ _ . .. .5 ._5
    5. +1 -1 +.5 -.5 +.inf .inf .Inf -.INF inf .nan NaN Infinity 1:30 1:30.5 190:20:30 10:30:00 2001-01-01 2001-1-1
    2001-01-01T00:00:00Z = < << - -- --- ... ? : :a a: # #a , [ ] { } {} [] & &a * *a ! !!str | > |- >- ' " '' ""
    % %YAML @ ` {{ }} {{x}} \\ \\n \\x41 / $ $(A) ${A} a b é ß 日本 😀 👩‍💻 0x1p-2 1,000 0. 1e+16 1.0e+16 e3 -e3
    1e 0x 0o 0b +0x1 -0b1 0b+1 0o-7
    """.split()  # noqa: SIM905 - reads as a table
MORE = [
    *(" ", "  ", "\n", "\n\n", "\t", "\r", "\r\n", ": ", " #", "- ", "? ", "a: b", "a #b", " a", "a ", "\ta", "a\t"),
    *("\x00", "\x07", "\x1b", "\x7f", "\x80", "\x85", "\x9f", "\xa0", "\xad", "\u200b", "\u200d", "\u2028", "\u2029"),
    *("\u202e", "\u2066", "\u3000", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"),
    *(
        "a\nb",
        "a\n b\n",
        " a\nb",
        "\na",
        "\n a\nb",
        "a\n\n",
        "a\n \n",
        "a \nb",
        "\ta\nb",
        "a\n\tb",
        "# a\nb",
        "--- a\nb",
    ),
    *("k" * 127, "k" * 128, "k" * 129, "k" * 1024, "é" * 600, "%TAG\na", "a\n---\nb", "a\n...\nb", "a\n# b\n"),
]
CONTROLS = {RAW, IF, *LINES}

texts = st.one_of(
    st.sampled_from(PIECES + MORE),
    st.lists(st.sampled_from(PIECES + MORE), max_size=6).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
keys = texts.filter(lambda key: not key.startswith("#") and key not in CONTROLS)
numbers = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e16, 1e17, 1e22, 1e-7, -1e-7, 5e-324, 1.5e300, 0.1, 123456789.125, -0.0]),
)
leaves = st.one_of(texts, texts, numbers, st.booleans(), st.none())


def _deepen(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(children, max_size=4), st.dictionaries(keys, children, max_size=4))


documents = st.recursive(leaves, _deepen, max_leaves=12)
