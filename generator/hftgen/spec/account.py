"""What clouds call their accounts, regions and groups: the form of each."""

import re

from hftgen.spec.units.text import NONE, Grammar

FORMS = {
    "aws": (r"[0-9]{12}", "an AWS account of 12 digits"),
    "gcp": (r"([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]", "a Google Cloud project's id"),
    "azure": (r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "an Azure subscription's UUID"),
}


class Region(Grammar):
    """A region of any cloud, or a place of several."""

    __slots__ = ()
    words = "a region's name of letters, digits and single '-'"
    pattern = r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$"
    examples = ("us-east-1",)
    longest = 63
    also = NONE


class ResourceGroup(Grammar):
    """A resource group of Azure."""

    __slots__ = ()
    words = "a resource group's name of letters, digits, '-', '_', '.', '(' and ')', not '.' at its end"
    pattern = r"^[-A-Za-z0-9_.()]*[-A-Za-z0-9_()]$"
    examples = ("hft-trading-dns",)
    longest = 90


def expect_account(cloud: str, account: str) -> str:
    """What a cloud would take instead of an account; empty where it takes it, or where the cloud has no accounts."""
    form, words = FORMS.get(cloud, (r".*", ""))
    return "" if re.fullmatch(form, account) else words
