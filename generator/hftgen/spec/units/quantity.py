"""Kubernetes resource quantities, computed in whole nano units and written as Kubernetes itself writes them."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from hftgen.spec.units.unit import Unit, refuse

NANO = 10**9
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
NUMBER = r"\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
FORM = re.compile(rf"{NUMBER}([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]{{1,2}})?")
LARGEST = (2**63 - 1) * NANO


class Quantity(Unit):
    """A quantity of Kubernetes: `500m`, `4Gi`, `1e3`. Exact; never rounded."""

    __slots__ = ()
    words = "a Kubernetes quantity"
    pattern = rf"^{NUMBER}([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]{{1,2}})?$"
    examples = ("500m", "4Gi")
    also: ClassVar[Mapping[str, Any]] = {"type": ["number"], "minimum": 0}

    @classmethod
    def _canonical(cls, text: str) -> str:
        nano = count_nano(text, cls)
        binary = text.endswith("i") and nano % NANO == 0
        return (binary and _write_binary(nano // NANO)) or _write_decimal(nano)

    @property
    def nano(self) -> int:
        """The value in billionths."""
        return count_nano(self, type(self))


class Cpu(Quantity):
    """Processor time in CPUs (threads), in steps of a thousandth."""

    __slots__ = ()
    words = "a number of CPUs, in steps of 1m (a thousandth)"
    examples = ("2", "500m")
    also: ClassVar[Mapping[str, Any]] = {"type": ["number"], "exclusiveMinimum": 0}

    @classmethod
    def _canonical(cls, text: str) -> str:
        text = super()._canonical(text)
        nano = count_nano(text, cls)
        if nano == 0 or nano % 10**6:
            raise cls.refusal("is zero" if nano == 0 else "is finer than a thousandth of a CPU")
        return text

    @property
    def millicores(self) -> int:
        """Thousandths of a CPU."""
        return self.nano // 10**6

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number of CPUs."""
        return self.millicores % 1000 == 0


class Memory(Quantity):
    """An amount of memory or storage in bytes."""

    __slots__ = ()
    words = "an amount of bytes with a suffix"
    pattern = rf"^({NUMBER}([kMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]{{1,2}})|\+?[0-9]{{7,}}(\.[0-9]*)?)$"
    examples = ("4Gi", "512Mi")
    also: ClassVar[Mapping[str, Any]] = {"type": ["number"], "minimum": 2**20}

    @classmethod
    def _canonical(cls, text: str) -> str:
        nano = count_nano(text, cls)
        if nano % NANO:
            raise cls.refusal("is no whole number of bytes", f"{_write_binary_near(nano)} is near")
        if nano < 2**20 * NANO:
            digits = text.strip("+")
            hint = f"a number without a suffix counts bytes: did you mean {digits}Mi?" if digits.isdigit() else ""
            raise cls.refusal("is less than 1Mi", hint)
        return super()._canonical(text)

    @property
    def bytes(self) -> int:
        """Bytes."""
        return self.nano // NANO


def count_nano(text: str, unit: type[Quantity]) -> int:
    """The value of `text` in billionths; raises the unit's error when it is none, too large or finer than that."""
    match = FORM.fullmatch(text) if len(text) <= 40 else None
    if match is None:
        raise unit.refusal(hint=_advise(text))
    number, suffix = match[1], match[3] or ""
    whole, _, fraction = number.partition(".")
    digits = int(whole + fraction)
    power = _power(suffix) + 9 - len(fraction)
    value: int = digits << BINARY[suffix] if suffix in BINARY else digits
    value, rest = (value * 10**power, 0) if power >= 0 else divmod(value, 10**-power)
    if rest:
        raise unit.refusal("is finer than a billionth")
    if value > LARGEST:
        raise unit.refusal("is larger than Kubernetes can count (2^63 - 1)")
    return value


def _power(suffix: str) -> int:
    if suffix in BINARY:
        return 0
    return DECIMAL[suffix] if suffix in DECIMAL else int(suffix[1:])


def _write_binary(value: int) -> str:
    for suffix, bits in reversed(BINARY.items()):
        if value and value % (1 << bits) == 0:
            return f"{value >> bits}{suffix}"
    return ""


def _write_decimal(nano: int) -> str:
    for suffix, power in reversed(DECIMAL.items()):
        if nano % 10 ** (power + 9) == 0 and nano:
            return f"{nano // 10 ** (power + 9)}{suffix}"
    return "0"


def _write_binary_near(nano: int) -> str:
    mebibytes = max(1, nano // NANO >> 20)
    return _write_binary(mebibytes << 20)


def _advise(text: str) -> str:
    match = re.fullmatch(r"([0-9.]+)\s*([kKmMgGtT])(i?)[bB]?", text)
    if match is None:
        return "a quantity cannot be negative" if text.startswith("-") else ""
    return f"{match[1]}{match[2].upper()}i would do"


class HugePageSize(Unit):
    """The size of a huge page: what Linux on x86 offers."""

    __slots__ = ()
    words = "2Mi or 1Gi"
    pattern = r"^(2Mi|1Gi)$"
    examples = ("1Gi", "2Mi")

    @classmethod
    def _canonical(cls, text: str) -> str:
        if text not in ("2Mi", "1Gi"):
            raise cls.refusal("is no size of a huge page")
        return text

    @property
    def bytes(self) -> int:
        """Bytes of one page."""
        return 2**21 if self == "2Mi" else 2**30


def check_pages(size: HugePageSize, amount: Memory) -> None:
    """Refuses an amount that is no whole number of pages."""
    if amount.bytes % size.bytes:
        raise refuse(f"is no whole number of {size} pages", expected=f"a multiple of {size}", found=amount)
