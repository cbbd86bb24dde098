"""Durations: Go's text with days besides, computed in whole nanoseconds."""

import re
from typing import ClassVar

from hftgen.spec.units.unit import Unit

SIZES = {
    "d": 86_400_000_000_000,
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 10**9,
    "ms": 10**6,
    "us": 10**3,
    "ns": 1,
}
LARGEST = 100 * 365 * SIZES["d"]
PART = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,9}))?(ms|us|ns|d|h|m|s)")
NUMBER = r"[0-9]{1,12}(\.[0-9]{1,9})?"
NOT_ZERO = r"(?=.*[1-9])"


class Duration(Unit):
    """A time span: `60s`, `1h30m`, `30d`. Canonical without days, largest unit first: Go and Prometheus read it."""

    __slots__ = ()
    words = "a duration in d, h, m, s or ms"
    pattern = rf"^({NUMBER}(ms|[dhms]))+$"
    examples: ClassVar[tuple[str, ...]] = ("30s", "5m", "30d")
    finest: ClassVar[int] = SIZES["ms"]
    zero: ClassVar[bool] = True

    @classmethod
    def _canonical(cls, text: str) -> str:
        nanoseconds = _count(text, cls)
        if nanoseconds % cls.finest:
            raise cls.refusal(f"is finer than {_write(cls.finest)}")
        if nanoseconds == 0 and not cls.zero:
            raise cls.refusal("is zero")
        if nanoseconds > LARGEST:
            raise cls.refusal("is longer than 100 years")
        return _write(nanoseconds)

    @property
    def nanoseconds(self) -> int:
        """The span in nanoseconds."""
        return _count(self, type(self))

    @property
    def milliseconds(self) -> int:
        """The span in whole milliseconds, rounded down."""
        return self.nanoseconds // SIZES["ms"]

    @property
    def seconds(self) -> float:
        """The span in seconds."""
        return self.nanoseconds / SIZES["s"]


class Seconds(Duration):
    """A span of whole seconds, which is all that Kubernetes counts; zero is allowed."""

    __slots__ = ()
    words = "a duration of whole seconds, in d, h, m or s"
    pattern = rf"^({NUMBER}(ms|[dhms]))+$"
    finest = SIZES["s"]

    @property
    def seconds(self) -> int:
        """The span in seconds."""
        return self.nanoseconds // SIZES["s"]


class PositiveSeconds(Seconds):
    """A span of whole seconds above zero."""

    __slots__ = ()
    words = "a duration of whole seconds above zero, in d, h, m or s"
    pattern = rf"^{NOT_ZERO}({NUMBER}(ms|[dhms]))+$"
    zero = False


class Pause(PositiveSeconds):
    """A span of whole seconds above zero, or `manual`: until a person goes on. `manual` has no `seconds`."""

    __slots__ = ()
    words = "a duration of whole seconds above zero, or manual"
    pattern = rf"^(manual|{NOT_ZERO}({NUMBER}(ms|[dhms]))+)$"
    examples = ("5m", "manual")

    @classmethod
    def _canonical(cls, text: str) -> str:
        return text if text == "manual" else super()._canonical(text)


class Latency(Duration):
    """A span as fine as a nanosecond, above zero."""

    __slots__ = ()
    words = "a duration above zero in s, ms, us or ns"
    pattern = rf"^{NOT_ZERO}({NUMBER}(ms|us|ns|[dhms]))+$"
    examples = ("1ms", "50us")
    finest = 1
    zero = False


def write_seconds(seconds: int) -> str:
    """Seconds as a duration: `1h30m`."""
    return _write(seconds * SIZES["s"])


def _count(text: str, unit: type[Duration]) -> int:
    total, position = 0, 0
    fine = unit.finest == 1
    while match := PART.match(text, position):
        whole, fraction, suffix = match[1], match[2] or "", match[3]
        scaled, rest = divmod(int(whole + fraction) * SIZES[suffix], 10 ** len(fraction))
        if rest or (suffix in ("us", "ns") and not fine):
            raise unit.refusal()
        total, position = total + scaled, match.end()
    if position != len(text) or not text:
        hint = f"a duration needs its unit: did you mean {text}s?" if text.isdigit() and len(text) < 12 else ""
        raise unit.refusal(hint=hint)
    return total


def _write(nanoseconds: int) -> str:
    text = ""
    for suffix, size in SIZES.items():
        if suffix != "d":
            count, nanoseconds = divmod(nanoseconds, size)
            text += f"{count}{suffix}" if count else ""
    return text or "0s"
