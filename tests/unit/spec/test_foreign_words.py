"""Units of what is written into scripts, pipelines, queries and templates of other languages.

Where a grammar can do without their signs, they are refused: nothing in a spec is run, expanded, or ends a text.
"""

import pytest

from hftgen.spec.account import Region, ResourceGroup
from hftgen.spec.ci import RunnerLabel
from hftgen.spec.host import Device, Driver
from hftgen.spec.metal import LoginName
from hftgen.spec.observability import Matchers
from hftgen.spec.probe import HeaderName, HeaderValue
from hftgen.spec.release import Query
from hftgen.spec.secrets import Audience, MountPath, VaultPath
from hftgen.spec.units import GitRevision, GitUrl, SysctlValue, Unit, Url

TAKEN: list[tuple[type[Unit], str]] = [
    (GitUrl, "git@github.com:shop/platform.git"),
    (GitUrl, "https://dev.azure.com/a/b%20c/_git/~d"),
    (GitRevision, "feature/#12_a+b@c"),
    (HeaderValue, "'a' $(b) \\c"),
    (SysctlValue, "4096\t87380 6291456"),
    (SysctlValue, "|/usr/share/apport %p"),
    (Device, "/dev/disk/by-path/pci-0000:00:1f.2-ata-1"),
    (MountPath, "teams/kubernetes-{cluster}/"),
    (RunnerLabel, "bare metal"),
    (Matchers, 'a=~"5..|\\"", b!=\'c\' ,'),
    (Query, "x{pods} / y{{args.canary-hash}}"),
    (Region, "EU"),
]

REFUSED: list[tuple[type[Unit], str]] = [
    *((Url, f"https://a.example.com/{text}") for text in ("$(id)", "'", "{{a}}", "`id`", "a;b", "a b")),
    *((GitUrl, f"https://a.example.com/{text}") for text in ("$(id)", "'", '"', "{{a}}", "`id`", "a;b", "${{ a }}")),
    *((GitUrl, text) for text in ("-u@h:r", "git@-h:r", "ssh://-u@h/r")),
    *(
        (GitRevision, text)
        for text in ("", "-f", "/a", "a/", "a..b", "a b", "$(id)", "${{ a }}", "a.lock", "x@{1}", "*")
    ),
    *((HeaderName, text) for text in ("", "a b", 'a"', "a:", "ä", "$x")),
    *((HeaderValue, text) for text in ("", " a", "`id`", "a|b", "ä")),
    *((SysctlValue, text) for text in ("", "{{ a }}", "{% a %}", "$(id)", "1;2", "'1'")),
    *((Driver, text) for text in ("", "{{ a }}", "a b", "../a")),
    *((Device, text) for text in ("sda", "/etc/passwd", "/dev/../etc", "/dev/{{ a }}", "/dev/a b", "/dev//a", "/dev")),
    *((LoginName, text) for text in ("", "0a", "{{ a }}", "a b", "-a")),
    *((VaultPath, text) for text in ("", "/a", "a//b", "../a", "${{ a }}", "{cluster}", "'")),
    *((MountPath, text) for text in ("{{cluster}}", "{shard}", "a'")),
    *((Audience, text) for text in ("", "a b", "${{ a }}", "'")),
    *((RunnerLabel, text) for text in ("", "${{ a }}", "$A", "a && b", " a")),
    *((Matchers, text) for text in ("", 'a="b"} or vector(1) #', 'a="b', "a=b", 'a="{{b}}"', 'a="b" c="d"')),
    *((Query, text) for text in ("{{a}}", "{{args.b}}", "a\0b")),
    *((Region, text) for text in ("", "a b", "$(id)", "us--east", "-a")),
    *((ResourceGroup, text) for text in ("", "a.", "a b", "a/b", "a" * 91)),
]


@pytest.mark.parametrize(("unit", "text"), TAKEN, ids=repr)
def test_what_people_write_is_taken(unit: type[Unit], text: str) -> None:
    """As it stands."""
    assert unit.parse(text) == text


@pytest.mark.parametrize(("unit", "text"), REFUSED, ids=repr)
def test_signs_of_other_languages_are_refused(unit: type[Unit], text: str) -> None:
    """With what is expected instead."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the words are looked at below
        unit.parse(text)
    assert caught.value.context["expected"] != ""  # type: ignore[attr-defined]
