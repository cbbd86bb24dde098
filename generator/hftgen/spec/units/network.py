"""Networks, hosts and addresses."""

import ipaddress
import re

from hftgen.spec.units.text import ANY_PLAIN, NONE, NUMERAL, Grammar
from hftgen.spec.units.unit import Unit

_DNS = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*"


class Cidr(Unit):
    """A network: its own address and a prefix length, version 4 or 6."""

    __slots__ = ()
    words = "a network in CIDR notation"
    pattern = r"^([0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/[0-9]{1,3})$"
    examples = ("10.20.0.0/16",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        if not re.search(cls.pattern, text) or text.endswith("\n"):
            raise cls.refusal(hint="a single address ends in /32" if "/" not in text else "")
        try:
            interface = ipaddress.ip_interface(text)
        except ValueError:
            raise cls.refusal() from None
        if interface.ip != interface.network.network_address:
            raise cls.refusal("is an address inside a network", f"the network is {interface.network}")
        return str(interface.network)

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The network, to compute with."""
        return ipaddress.ip_network(str(self))


class Address(Unit):
    """One IPv4 address. Clusters on metal are built with IPv4 alone."""

    __slots__ = ()
    words = "an IPv4 address"
    pattern = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$"
    examples = ("10.20.1.11",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        try:
            return str(ipaddress.IPv4Address(text))
        except ValueError:
            raise cls.refusal(hint="without a prefix length" if "/" in text else "") from None

    @property
    def ip(self) -> ipaddress.IPv4Address:
        """The address, to compute with."""
        return ipaddress.IPv4Address(str(self))


class Mac(Unit):
    """An Ethernet card's own address. Canonical: lower case, colons."""

    __slots__ = ()
    words = "a MAC address of one card: six pairs of hexadecimal digits"
    pattern = r"^[0-9a-fA-F][02468aceACE]([:-][0-9a-fA-F]{2}){5}$"
    examples = ("02:00:5e:10:00:01",)

    @classmethod
    def _canonical(cls, text: str) -> str:
        if not re.fullmatch(cls.pattern[1:-1], text):
            raise cls.refusal()
        return text.lower().replace("-", ":")


class InterfaceName(Grammar):
    """A network interface's name in Linux: 15 characters."""

    __slots__ = ()
    words = "a network interface's name: at most 15 letters, digits, '_' and '-', a letter first"
    pattern = r"^[A-Za-z][A-Za-z0-9_-]*$"
    examples = ("ens1f0",)
    longest = 15
    also = NONE


class Host(Grammar):
    """A DNS name (or an IPv4 address, which has the same form)."""

    __slots__ = ()
    words = "a host's DNS name in lower case"
    pattern = rf"^{_DNS}$"
    examples = ("orders.hft.example.com",)
    also = NUMERAL

    @classmethod
    def _advise_on(cls, text: str) -> str:
        return "a host has no scheme, port or path" if ":" in text or "/" in text else ""


class Url(Grammar):
    """A web address without credentials."""

    __slots__ = ()
    words = "an http or https address without credentials"
    pattern = (
        r"^https?://([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?"
        r"(/[A-Za-z0-9._~%/+:,=@?#-]*)?$"
    )
    examples = ("https://vault.example.com:8200",)
    longest = 2048
    also = NONE


_GIT_HOST = r"([A-Za-z0-9_][-A-Za-z0-9_.]*@)?[A-Za-z0-9][-A-Za-z0-9.]*"
_GIT_PATH = r"[A-Za-z0-9._~%/+:,=-]+"


class GitUrl(Grammar):
    """Where Git finds a repository. Pipelines write it into scripts and links, so that no sign of theirs is taken."""

    __slots__ = ()
    words = "a repository's address: https://, ssh:// or user@host:path, without a password"
    pattern = (
        rf"^(https?://{_GIT_HOST}(:[0-9]{{1,5}})?/{_GIT_PATH}"
        rf"|ssh://{_GIT_HOST}(:[0-9]{{1,5}})?/{_GIT_PATH}"
        rf"|[A-Za-z0-9_][-A-Za-z0-9_.]*@[A-Za-z0-9][-A-Za-z0-9.]*:{_GIT_PATH})$"
    )
    examples = ("https://git.example.com/trading/platform-config.git",)
    longest = 2048
    also = NONE


class GitRevision(Grammar):
    """A branch, a tag or a commit: what Git takes for one (git check-ref-format), and no option of its commands."""

    __slots__ = ()
    words = "a branch, a tag or a commit: letters, digits and ./_+#@=-, neither '-' nor '/' first"
    pattern = r"^(?!.*(\.\.|//|/\.|@\{|\.lock(/|$)|[/.]$))[A-Za-z0-9_][A-Za-z0-9._/+#@=-]*$"
    examples = ("main",)
    also = ANY_PLAIN
