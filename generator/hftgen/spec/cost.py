"""`cost` and `prices`: what the environment may cost, and what its machines do."""

from collections.abc import Iterator

from pydantic import Field

from hftgen.spec.section import Breach, RuledSection, repeated
from hftgen.spec.units import Money, Utilization
from hftgen.spec.units.text import NONE, Grammar


class Currency(Grammar):
    """A currency of ISO 4217."""

    __slots__ = ()
    words = "a currency's three letters"
    pattern = r"^[A-Z]{3}$"
    examples = ("USD",)
    longest = 3
    also = NONE


class Cost(RuledSection):
    """The budget."""

    currency: Currency = Field(
        Currency("USD"), description="The currency of all amounts. Left out: USD.", examples=["USD"]
    )
    monthlyBudget: Money = Field(description="What a month may cost, in the currency.", examples=[60000])
    alertAt: tuple[Utilization, ...] = Field(
        (), description="Shares of the budget at which somebody is told.", examples=[["80%", "100%"]]
    )

    def breaches(self) -> Iterator[Breach]:
        """Shares are named once."""
        for index in repeated(list(self.alertAt)):
            yield Breach(("alertAt", index), "is named twice")
