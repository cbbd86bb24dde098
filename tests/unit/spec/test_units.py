"""Unit types: grammar, canonical form, arithmetic, plain values and words of errors."""

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from hftgen.spec import units
from hftgen.spec.ci import Registry
from hftgen.spec.container import FieldPath, ResourcePath
from hftgen.spec.node import Scalar
from hftgen.spec.patch import Pointer
from hftgen.spec.release import Condition
from hftgen.spec.units import (
    Cidr,
    ClusterName,
    Cpu,
    CpuSet,
    Cron,
    Date,
    Duration,
    EnvName,
    FileName,
    GitUrl,
    Host,
    HugePageSize,
    ImageRef,
    KubernetesVersion,
    LabelKey,
    LabelValue,
    Latency,
    Line,
    Memory,
    Name,
    Path,
    Pause,
    Percentage,
    PortName,
    PositiveSeconds,
    Quantity,
    Seconds,
    SecretRef,
    ServiceName,
    Text,
    TimeZone,
    Unit,
    Url,
    UrlPath,
    Utilization,
    Version,
    read_integer,
    read_json,
    read_number,
)
from hftgen.spec.units.number import read_amount, read_boolean, read_money
from tests.unit.spec.samples import plain

CANONICAL: list[tuple[type[Unit], str, str]] = [
    (Cpu, "1000m", "1"),
    (Cpu, "0.5", "500m"),
    (Cpu, "1.50", "1500m"),
    (Cpu, "2", "2"),
    (Cpu, "+2", "2"),
    (Cpu, "2000", "2k"),
    (Memory, "1024Mi", "1Gi"),
    (Memory, "1536Mi", "1536Mi"),
    (Memory, "1.5Gi", "1536Mi"),
    (Memory, "0.5Gi", "512Mi"),
    (Memory, "1073741824", "1073741824"),
    (Memory, "1000M", "1G"),
    (Memory, "5e6", "5M"),
    (Memory, "5E6", "5M"),
    (Memory, "2E", "2E"),
    (Quantity, "0", "0"),
    (Quantity, "0Gi", "0"),
    (Quantity, "1.953125Ki", "2k"),
    (Quantity, "100n", "100n"),
    (Quantity, ".5", "500m"),
    (Quantity, "1.", "1"),
    (Duration, "30d", "720h"),
    (Duration, "90s", "1m30s"),
    (Duration, "1.5h", "1h30m"),
    (Duration, "1m1h", "1h1m"),
    (Duration, "0s", "0s"),
    (Duration, "500ms", "500ms"),
    (Duration, "1d12h", "36h"),
    (Seconds, "1000ms", "1s"),
    (Pause, "manual", "manual"),
    (Pause, "300s", "5m"),
    (Latency, "0.05ms", "50us"),
    (Latency, "1ms", "1ms"),
    (Percentage, "07.0%", "7%"),
    (Percentage, "0.10%", "0.1%"),
    (Percentage, "100.0%", "100%"),
    (Cron, "0  2 * *  sun", "0 2 * * SUN"),
    (Cron, "*/15 8-17 1,15 JAN-mar ?", "*/15 8-17 1,15 JAN-MAR ?"),
    (CpuSet, "49,48,0-1", "0-1,48-49"),
    (CpuSet, "0,1,2", "0-2"),
    (Cidr, "2001:0db8::/32", "2001:db8::/32"),
    (Cidr, "10.0.0.0/8", "10.0.0.0/8"),
    (Condition, "<0.01", "< 0.01"),
    (Condition, " >=  1e-3 ", ">= 1e-3"),
]

WRONG: list[tuple[type[Unit], str]] = [
    *((Cpu, text) for text in ("", "0", "0.0001", "-1", "two", "1 ", "1K", "1e400", "9" * 400, "1.2.3", "0x1", "١")),
    *((Memory, text) for text in ("8GB", "8gb", "128", "1.1", "0.1Gi", "64K", "16Ei", "", "4 Gi", "-4Gi", "NaN")),
    *((Duration, text) for text in ("", "60", "0", "1h ", "-1s", "1y", "1us", "s", "1e3s", "999999d", "1.0000000001h")),
    *((Seconds, text) for text in ("1500ms", "0.5s", "1")),
    *((PositiveSeconds, text) for text in ("0s", "0d0h", "manual")),
    *((Pause, text) for text in ("0s", "Manual", "soon", "5")),
    *((Latency, text) for text in ("0s", "0.1ns", "1")),
    *((Percentage, text) for text in ("70", "101%", "-1%", "1.1234567%", "%", "70 %", "70%\n", "1e1%")),
    *((Utilization, text) for text in ("0%", "70.5%", "1001%", "70")),
    *(
        (Cidr, text)
        for text in ("10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "10.0.0/24", "::1/64", "300.0.0.0/8", "a/b", "")
    ),
    *((Cron, text) for text in ("@daily", "0 0 * * 7", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *")),
    *((Cron, text) for text in ("* * * *", "0 * * * * *", "*/0 * * * *", "5-1 * * * *", "0 0 30 2 *", "0 0 L * *")),
    *((Cron, text) for text in ("TZ=UTC 0 0 * * *", "0 0 * * MONDAY", "0 0 31 4,6 *", "a b c d e", "1,,2 * * * *", "")),
    *((CpuSet, text) for text in ("", "1-0", "0,0", "0-1,1", "a", "0-", "-1", "0,", "0 1")),
    *(
        (ImageRef, text)
        for text in ("", "a:", "a@", "a@sha256:12", "a:b:c", "A/B", "a//b", "/a", "a/", "https://a/b", "a b")
    ),
    *((ImageRef, text) for text in (f"a@sha256:{'A' * 64}", f"a:{'t' * 129}", "a:-t", "a" * 256, "-a", "a_-b")),
    *((Registry, text) for text in ("registry.example.com/hft:v1", f"a@sha256:{'0' * 64}")),
    *((Name, text) for text in ("", "1a", "a_b", "A", "a-", "-a", "a.b", "a" * 64, "ä", "a\n")),
    *((ServiceName, text) for text in ("platform", "datastores", "root", "a" * 53, "3proxy")),
    *((ClusterName, text) for text in ("settings", "a" * 31)),
    *((PortName, text) for text in ("8080", "a--b", "-a", "a-", "A", "a" * 16, "")),
    *((EnvName, text) for text in ("", "1A", "A B", "A=B", "Ä")),
    *((FileName, text) for text in ("", ".", "..", "..a", "a/b", "a b")),
    *((LabelKey, text) for text in ("", "/a", "a/", "A.b/c", "a/b/c", "-a", "a" * 64, "ex_ample.com/a")),
    *((LabelValue, text) for text in ("-a", "a-", "a b", "a" * 64, "a/b")),
    *((Path, text) for text in ("", "a", "/a/", "//a", "/a/../b", "/a/./b", "/..", "/a:b", "/a\nb", "/a\0b")),
    *((UrlPath, text) for text in ("", "ready", "/a b", "/ä", "http://a/b")),
    *(
        (Host, text)
        for text in ("", "A.b", "a_b", "a..b", "a.", "-a.b", "http://a", "a:80", "a" * 64, "a." * 127 + "a")
    ),
    *((Url, text) for text in ("", "a", "ftp://a", "http://u:p@a/", "http://a b", "http://", "http://a/\n")),
    *(
        (GitUrl, text)
        for text in ("", "git.example.com", "https://u:p@h/r.git", "file:///r", "https://h", "git@h", "a b@h:r")
    ),
    *((Date, text) for text in ("2027-02-30", "2027-2-3", "27-01-01", "2027-01-31T00:00:00", "", "2027-13-01")),
    *((TimeZone, text) for text in ("", "Local", "UTC+1", "america/new_york", "../etc/passwd", "EST5EDT/x")),
    *((Version, text) for text in ("", "latest", "1..2", "1.", " 1", "1/2")),
    *((KubernetesVersion, text) for text in ("1.36.1", "v1.36", "2.0", "1", "1.9", "1.100")),
    *((SecretRef, text) for text in ("", "/a", "a/", "a//b", "a/../b", "{shard}", "a b", "..")),
    *((HugePageSize, text) for text in ("4Ki", "1024Mi", "")),
    *((Condition, text) for text in ("", "0.01", "< x", "<> 1", "< nan", "< 1 2", "= 1")),
    *((Pointer, text) for text in ("a", "/a~", "/~2")),
    *((FieldPath, text) for text in ("spec.podIP", "metadata.labels", "metadata.labels['a", "status", "")),
    *((ResourcePath, text) for text in ("cpu", "limits.gpu", "limits.hugepages-4Ki")),
    *((Line, text) for text in ("", " ", " a", "a ", "a\nb", "a\x85b", "a\0b")),
    *((Text, text) for text in ("a\0b", "\x1b[0m", "\udc80", "\x7f")),
]


@pytest.mark.parametrize(("unit", "text", "canonical"), CANONICAL, ids=str)
def test_a_value_has_one_canonical_text(unit: type[Unit], text: str, canonical: str) -> None:
    """Equal values have equal texts, and a canonical text stays as it is."""
    assert unit.parse(text) == canonical
    assert unit.parse(canonical) == canonical


@pytest.mark.parametrize(("unit", "text"), WRONG, ids=repr)
def test_what_no_tool_takes_is_refused(unit: type[Unit], text: str) -> None:
    """A wrong text is an error that says what is wrong and what is expected."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the words are looked at below
        unit.parse(text)
    assert caught.value.context["message"] == str(caught.value) != ""  # type: ignore[attr-defined]
    assert caught.value.context["expected"] != ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "unit", [each for each in vars(units).values() if isinstance(each, type) and issubclass(each, Unit)]
)
def test_a_units_schema_takes_its_examples(unit: type[Unit]) -> None:
    """Each example is a value of the unit, fits the unit's own JSON Schema, and so does its canonical form."""
    check = Draft202012Validator(unit.describe())
    for example in unit.examples:
        assert check.is_valid(example)
        assert check.is_valid(unit.parse(example))


@pytest.mark.parametrize(("unit", "text"), [(unit, text) for unit, text, _ in CANONICAL], ids=repr)
def test_a_units_schema_takes_what_it_reads(unit: type[Unit], text: str) -> None:
    """The JSON Schema refuses nothing that the unit takes; anchors keep it from taking a part of a text."""
    assert Draft202012Validator(unit.describe()).is_valid(text)
    assert unit.pattern[0] + unit.pattern[-1] == "^$"


FORMS = st.from_regex(re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?(n|u|m|k|M|G|T|Ki|Mi|Gi|Ti|)", re.ASCII), fullmatch=True)
SIZES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12}


def _exact(text: str) -> Fraction:
    number, suffix = re.fullmatch(r"([0-9.]+)([a-zA-Z]*)", text).groups()  # type: ignore[union-attr]
    power = (
        Fraction(2) ** ({"K": 10, "M": 20, "G": 30, "T": 40}[suffix[0]])
        if suffix[1:] == "i"
        else Fraction(10) ** SIZES[suffix]
    )
    return Fraction(number) * power


@given(FORMS)
def test_a_quantity_is_never_rounded(text: str) -> None:
    """The canonical text is worth exactly what the text was, or the text is refused as finer than a billionth."""
    exact = _exact(text)
    if exact * 10**9 != int(exact * 10**9):
        with pytest.raises(ValueError, match="finer"):
            Quantity.parse(text)
        return
    quantity = Quantity.parse(text)
    assert _exact(quantity) == exact == Fraction(quantity.nano, 10**9)
    assert Quantity.parse(quantity) == quantity


@given(st.integers(0, 10**15), st.sampled_from(["d", "h", "m", "s", "ms"]))
def test_a_duration_is_never_rounded(number: int, suffix: str) -> None:
    """The canonical text has the nanoseconds of the text, and no days."""
    size = {"d": 86400_000, "h": 3600_000, "m": 60_000, "s": 1000, "ms": 1}[suffix]
    text = f"{number % 10_000}{suffix}"
    duration = Duration.parse(text)
    assert duration.milliseconds == number % 10_000 * size
    assert "d" not in duration
    assert Duration.parse(duration) == duration


@given(st.sets(st.integers(0, 300), min_size=1))
def test_a_cpu_set_is_its_numbers(cpus: set[int]) -> None:
    """Writing and reading a set of CPUs gives the set; its text is ascending and joined."""
    text = CpuSet.parse(",".join(str(cpu) for cpu in cpus))
    assert text.cpus == cpus
    assert CpuSet.parse(text) == text


@given(st.text(max_size=40))
def test_no_text_is_more_than_refused(text: str) -> None:
    """Whatever the text, a unit takes it or raises its one error."""
    for unit in (
        Cpu,
        Memory,
        Duration,
        Cron,
        ImageRef,
        Cidr,
        CpuSet,
        Path,
        Percentage,
        Line,
        Text,
        Date,
        TimeZone,
        Url,
    ):
        try:
            assert unit.parse(unit.parse(text)) == unit.parse(text)
        except ValueError as error:
            assert error.type == "unit"  # type: ignore[attr-defined]  # noqa: PT017  either is right


def test_values_compute() -> None:
    """Rules need no parsing of their own."""
    assert Cpu.parse("1.5").millicores == 1500
    assert not Cpu.parse("1.5").is_whole
    assert Memory.parse("4Gi").bytes == 4 * 2**30
    assert Seconds.parse("1m30s").seconds == 90
    assert Latency.parse("50us").nanoseconds == 50_000
    assert Duration.parse("1500ms").seconds == 1.5
    assert Percentage.parse("0.1%").fraction == Decimal("0.001")
    assert HugePageSize.parse("1Gi").bytes == 2**30
    assert Cidr.parse("10.0.0.0/8").network.num_addresses == 2**24
    assert Date.parse("2027-01-31").date.isoformat() == "2027-01-31"
    assert Condition.parse("<= 0.5").operator == "<="
    assert Condition.parse("<= 0.5").threshold == 0.5


def test_cron_values() -> None:
    """A schedule tells when it fires; a step runs to the end of its field."""
    values = Cron.parse("5/20 8-10 1 FEB,12 SUN-TUE").values()
    assert [sorted(field) for field in values] == [[5, 25, 45], [8, 9, 10], [1], [2, 12], [0, 1, 2]]


def test_image_parts() -> None:
    """Registry, port, tag and digest come apart."""
    digest = "sha256:" + "a" * 64
    image = ImageRef.parse(f"localhost:5000/hft/engine:v1@{digest}")
    assert (image.repository, image.tag, image.digest) == ("localhost:5000/hft/engine", "v1", digest)
    bare = ImageRef.parse("debian")
    assert (bare.repository, bare.tag, bare.digest) == ("debian", "", "")


def test_numbers_stand_without_quotes() -> None:
    """A plain scalar of YAML 1.2 core is a number; text in quotes is an error that says so."""
    assert [read_integer(plain(text)) for text in ("7", "-7", "+7", "0o17", "0x1F", "007")] == [7, -7, 7, 15, 31, 7]
    assert [read_number(plain(text)) for text in ("0.5", "1e3", "-.5", "1.0", "3")] == [0.5, 1000, -0.5, 1, 3]
    assert [read_boolean(plain(text)) for text in ("true", "False", "TRUE")] == [True, False, True]
    assert (read_integer(5), read_number(0.5), read_boolean(value=True)) == (5, 0.5, True)
    for read in (read_integer, read_number, read_boolean):
        with pytest.raises(ValueError, match="in quotes"):
            read("1")


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((read_integer, text) for text in ("1.0", "1_000", "yes", "9" * 400, "-9007199254740993", "0b1", "", "1e3")),
        *((read_number, text) for text in (".nan", ".inf", "1e400", "1e17", "one", "9" * 400, "0." + "9" * 400)),
        *((read_boolean, text) for text in ("yes", "no", "on", "y", "1", "")),
        *((read_money, text) for text in ("-1", "0.1234567", "2000000000")),
        *((read_amount, text) for text in ("-1", "1.5", "25.5%", "101%", "x")),
    ],
)
def test_what_is_no_number_is_refused(read: object, text: str) -> None:
    """Nothing is guessed, and no number is taken that another program reads as a different one."""
    with pytest.raises(ValueError):  # noqa: PT011  any words
        read(plain(text))  # type: ignore[operator]


def test_money_is_exact() -> None:
    """A price is the number that was written."""
    assert [json.dumps(read_money(plain(text))) for text in ("0.8064", "60000", "1.10")] == ["0.8064", "60000", "1.1"]


def test_free_json_reads_yaml_core() -> None:
    """Below `patches` a plain scalar is null, a boolean or a number, and quoted it is text."""
    quoted = Scalar("8")
    quoted.plain = False
    written = {"a": plain("~"), "b": plain("true"), "c": plain("08"), "d": quoted, "e": [plain("1.5"), plain("no")]}
    assert read_json(written) == {"a": None, "b": True, "c": 8, "d": "8", "e": [1.5, "no"]}
    for text in (".nan", "-.INF", "9007199254740993"):
        with pytest.raises(ValueError):  # noqa: PT011  any words
            read_json([plain(text)])


class Sample(BaseModel):
    """A model with units."""

    cpu: Cpu
    text: Text
    price: units.Money
    ports: dict[PortName, units.Port]


def test_a_dump_is_plain_json() -> None:
    """A dump holds str, int and float of Python itself, canonical."""
    sample = Sample.model_validate(
        {"cpu": plain("1000m"), "text": plain("1.10"), "price": plain("0.5"), "ports": {"http": plain("80")}}
    )
    dump = sample.model_dump(mode="json")
    assert dump == {"cpu": "1", "text": "1.10", "price": 0.5, "ports": {"http": 80}}
    assert [type(dump[name]) for name in dump] == [str, str, float, dict]
    assert json.loads(json.dumps(sample.model_dump())) == dump


def test_null_is_no_text() -> None:
    """An entry of a list that is null is an error, not the text `~`; in quotes it is text."""
    with pytest.raises(ValidationError, match="no value"):
        Sample.model_validate({"cpu": plain("1"), "text": plain("~"), "price": 1, "ports": {}})
    assert Text.read("~") == "~"
