"""Which strings stand without quotes."""

import pytest

from hftgen.render.scalars import is_plain, write_text
from hftgen.render.unwritable import UnwritableError

PLAIN = """
    info hft-trading v1.0.0 1.2.3 10.0.0.1 10.20.0.0/16 500m 16Gi 30s 1h30m
    registry.example.com/a:v1@sha256:0f kubernetes.io/arch
    --listen=0.0.0.0:8080 -v -- /etc/a ./a ../a $(POD_IP) ${A} a,b a:b a#b it's 5% n1 yes! Yes-man e3 1f v08 0f1e2d
    12-34
    1_a
    http://a.example.com:8080/b?c=d&e=f app.kubernetes.io/name ReadWriteOnce (a) \\d+
    """.split()  # noqa: SIM905 - reads as a table
QUOTED = """
    y N yes No on OFF true False null ~ = << 08 0o7 0x1f 0b11 1e3 12e03 1_000 .5 .
    +1 -1 1:30 8080:80 10:30:00 2001-01-01
    NaN .inf --- ... - ? : :8080 , [ ] { } & * *.example.com ! | > ' " % @ ` # {{x}} a{{b a: é 日本
    """.split()  # noqa: SIM905 - reads as a table


@pytest.mark.parametrize("text", [*PLAIN, "a b", "a  b c", "sum(rate(a[5m])) > 1"])
def test_ordinary_text_has_no_quotes(text: str) -> None:
    """What no reader can misread stays as people write it."""
    assert write_text(text) == text


@pytest.mark.parametrize("text", [*QUOTED, "", " ", "a ", " a", "a: b", "a #b", "2001-01-01 10:00:00 +1"])
def test_what_any_reader_misreads_is_quoted(text: str) -> None:
    """Numbers, booleans, nulls, dates and indicators of any YAML version, and what looks like them."""
    assert not is_plain(text)
    assert write_text(text)[0] in "\"'"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("no", '"no"'),
        ('rate(a{b="c"}[5m]): 1', "'rate(a{b=\"c\"}[5m]): 1'"),
        ("^\\d+: 'x'$", "'^\\d+: ''x''$'"),
        ('a\t"b"', '"a\\t\\"b\\""'),
        ("\x00\x07\x7f\x85\u2028\ufeff", '"\\0\\x07\\x7f\\u0085\\u2028\\ufeff"'),
        ("pay\u202elap", '"pay\\u202elap"'),
        ("é 😀", '"é 😀"'),
    ],
)
def test_quotes(text: str, written: str) -> None:
    """Double quotes; single ones where they save escapes. What a reviewer could not see is escaped."""
    assert write_text(text) == written


def test_half_a_character_is_refused() -> None:
    """A lone surrogate has no bytes."""
    with pytest.raises(UnwritableError, match="surrogate"):
        write_text("a\ud83d")
