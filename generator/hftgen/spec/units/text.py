"""Free text, and names under their several grammars."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from hftgen.spec.units.unit import Unit, check_printable

ANY_PLAIN: Mapping[str, Any] = {"type": ["number", "boolean"]}
NUMERAL: Mapping[str, Any] = {"type": ["number", "boolean"], "minimum": 0}
BOOLEAN: Mapping[str, Any] = {"type": ["boolean"]}
NONE: Mapping[str, Any] = {}
"""What an editor may read a text as: any plain scalar, a number that is not negative, true and false, nothing."""


class Text(Unit):
    """Any text, of one line or several; a plain scalar counts as it is written (`1.10` stays `1.10`)."""

    __slots__ = ()
    words = "text"
    examples = ("info",)
    also = ANY_PLAIN

    @classmethod
    def parse(cls, text: str) -> "Text":
        check_printable(text, cls.words)
        return cls(text)


class Line(Unit):
    """Text of one line that is not empty."""

    __slots__ = ()
    words = "text of one line that is not empty"
    pattern = r"^\S(.*\S)?$"
    examples = ("trading-platform",)
    also = ANY_PLAIN

    @classmethod
    def _canonical(cls, text: str) -> str:
        check_printable(text, cls.words)
        if not text or text != text.strip() or len(text.splitlines()) > 1:
            raise cls.refusal("is not one line of text" if text.strip() else "is empty")
        return text


class Grammar(Unit):
    """A unit that a regular expression and a length decide alone; its canonical form is the text itself."""

    __slots__ = ()
    longest: ClassVar[int] = 253
    also = BOOLEAN

    @classmethod
    def _canonical(cls, text: str) -> str:
        if len(text) > cls.longest:
            raise cls.refusal(f"has {len(text)} characters, {cls.longest} are allowed")
        if not re.search(cls.pattern, text) or text.endswith("\n"):
            raise cls.refusal(hint=cls._advise_on(text))
        return text

    @classmethod
    def _advise_on(cls, text: str) -> str:  # noqa: ARG003  subclasses read it
        """A hint for this very text, or empty."""
        return ""

    @classmethod
    def describe(cls) -> dict[str, Any]:
        return {**super().describe(), "maxLength": cls.longest}


class Name(Grammar):
    """An RFC 1035 label: what Kubernetes asks of a Service's name."""

    __slots__ = ()
    words = "a name of lower-case letters, digits and '-' that begins with a letter"
    pattern = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"
    examples = ("order-gateway",)
    longest = 63

    @classmethod
    def _advise_on(cls, text: str) -> str:
        tamed = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        if tamed and not tamed[0].isalpha():
            tamed = f"x{tamed}"
        return f"{tamed[: cls.longest].rstrip('-')} would do" if tamed else ""


RESERVED = frozenset(
    ("platform", "datastores", "modules", "repository", "addons", "settings", "root", "projects", "bootstrap", "shared")
)


class FreeName(Name):
    """A name that becomes a folder of the rendered tree, so that the tree's own folders are taken."""

    __slots__ = ()

    @classmethod
    def _canonical(cls, text: str) -> str:
        if text in RESERVED:
            raise cls.refusal(f"{text} is reserved", hint=f"reserved are {', '.join(sorted(RESERVED))}")
        return super()._canonical(text)

    @classmethod
    def describe(cls) -> dict[str, Any]:
        return {**super().describe(), "not": {"enum": sorted(RESERVED)}}


class ProjectName(Name):
    """30 characters: cluster-scoped names and namespaces join project, environment and a suffix within 63."""

    __slots__ = ()
    examples = ("hft-trading",)
    longest = 30


class EnvironmentName(FreeName):
    """20 characters: see ProjectName."""

    __slots__ = ()
    examples = ("production",)
    longest = 20


class ClusterName(FreeName):
    """30 characters: GKE allows 40 for a cluster, and pools and networks add a suffix."""

    __slots__ = ()
    examples = ("aws-use1",)
    longest = 30


class HostName(Name):
    """50 characters: names of its disks are made of it."""

    __slots__ = ()
    examples = ("ny4-lat-1",)
    longest = 50


class PoolName(Name):
    """30 characters: GKE allows 40 for a node pool."""

    __slots__ = ()
    examples = ("general",)
    longest = 30


class ServiceName(FreeName):
    """52 characters: a StatefulSet's revision label and a CronJob's jobs add 11, our Services at most 9."""

    __slots__ = ()
    examples = ("order-gateway",)
    longest = 52


class DatastoreName(FreeName):
    """50 characters: CloudNativePG's own limit for a cluster's name."""

    __slots__ = ()
    examples = ("database",)
    longest = 50


class EnvName(Grammar):
    """An environment variable's name, as Kubernetes takes it in every version."""

    __slots__ = ()
    words = "a variable's name of letters, digits, '_', '-' and '.' that does not begin with a digit"
    pattern = r"^[-._a-zA-Z][-._a-zA-Z0-9]*$"
    examples = ("LOG_LEVEL",)


class FileName(Grammar):
    """A key of a ConfigMap or a Secret, which becomes a file's name."""

    __slots__ = ()
    words = "a file's name of letters, digits, '.', '-' and '_' (not '.' or '..')"
    pattern = r"^(?!\.\.?$)(?!\.\.)[-._a-zA-Z0-9]+$"
    examples = ("app.toml",)
    also = ANY_PLAIN


class PortName(Grammar):
    """A port's name: IANA_SVC_NAME."""

    __slots__ = ()
    words = "a port's name: at most 15 lower-case letters, digits and single '-', with a letter"
    pattern = r"^(?=.*[a-z])(?!.*--)(?!([0-9]+e[0-9]+|0x[0-9a-f]+|0o[0-7]+)$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
    examples = ("http",)
    longest = 15

    @classmethod
    def _advise_on(cls, text: str) -> str:
        return "name the port as it is called in `ports`" if text.isdigit() else ""


class LabelKey(Grammar):
    """A key of a label or an annotation: an optional DNS prefix and a name."""

    __slots__ = ()
    words = "a label's key: an optional DNS name and '/', then at most 63 letters, digits, '-', '_' and '.'"
    pattern = (
        r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
        r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
    )
    examples = ("example.com/team",)
    longest = 317
    also = NUMERAL


class LabelValue(Grammar):
    """A label's value."""

    __slots__ = ()
    words = "a label's value: at most 63 letters, digits, '-', '_' and '.' (none at the ends), or empty"
    pattern = r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
    examples = ("desk-a",)
    longest = 63
    also = NUMERAL


class ResourceName(Grammar):
    """A DNS subdomain, as most Kubernetes objects are named."""

    __slots__ = ()
    words = "a Kubernetes object's name: lower-case letters, digits, '-' and '.'"
    pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
    examples = ("fast",)
    also = NUMERAL


class MetricName(Grammar):
    """A Prometheus metric's name."""

    __slots__ = ()
    words = "a Prometheus metric's name: letters, digits, '_' and ':', not a digit first"
    pattern = r"^[a-zA-Z_:][a-zA-Z0-9_:]*$"
    examples = ("requests_total",)


class SecretRef(Grammar):
    """Where a secret lies below the environment's path; `{ordinal}` is the shard of a sharded service."""

    __slots__ = ()
    words = "a path of letters, digits, '.', '_' and '-' without a leading '/'; {ordinal} is allowed in it"
    pattern = r"^(?!.*(^|/)\.\.?(/|$))([A-Za-z0-9._-]|\{ordinal\})+(/([A-Za-z0-9._-]|\{ordinal\})+)*$"
    examples = ("database/credentials",)
    also = ANY_PLAIN


class Version(Grammar):
    """A version's number, kept as it is written."""

    __slots__ = ()
    words = "a version such as 16 or 1.9.1"
    pattern = r"^v?[0-9][0-9A-Za-z]*([-+._~][0-9A-Za-z]+)*$"
    examples = ("1.9.1",)
    longest = 63
    also: ClassVar[Mapping[str, Any]] = {"type": ["number"], "minimum": 0}


class KubernetesVersion(Grammar):
    """A minor version of Kubernetes; the cloud chooses the patch."""

    __slots__ = ()
    words = "a minor version of Kubernetes"
    pattern = r"^1\.[1-9][0-9]$"
    examples = ("1.36",)
    also: ClassVar[Mapping[str, Any]] = {"type": ["number"], "minimum": 1.1, "maximum": 1.99}

    @classmethod
    def _advise_on(cls, text: str) -> str:
        minor = re.match(r"v?(1\.[1-9][0-9])(\.[0-9]+)?$", text)
        return f"write {minor[1]}: the cloud chooses the patch" if minor else ""


class KubernetesRelease(Grammar):
    """A release of Kubernetes, patch and all; K3s adds a number of its own."""

    __slots__ = ()
    words = "a release of Kubernetes with its patch; of K3s with `+k3s` and a number behind it"
    pattern = r"^1\.[1-9][0-9]\.[0-9]{1,3}(\+k3s[1-9][0-9]?)?$"
    examples = ("1.36.1",)

    @property
    def minor(self) -> str:
        """The minor version: `1.36`."""
        return ".".join(self.split(".")[:2])


class SysctlName(Grammar):
    """A kernel parameter, of a pod or of a machine."""

    __slots__ = ()
    words = "a kernel parameter's name"
    pattern = r"^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$"
    examples = ("net.ipv4.tcp_rmem",)


class SysctlValue(Grammar):
    """A kernel parameter's value. Machines' are Ansible's variables too, where braces would be read as a template."""

    __slots__ = ()
    words = "a kernel parameter's value: letters, digits and ._,:/|%+@=*^-, in words"
    pattern = r"^[A-Za-z0-9._,:/|%+@=*^-]+([ \t]+[A-Za-z0-9._,:/|%+@=*^-]+)*$"
    examples = ("4096 87380 16777216",)
    also = ANY_PLAIN
