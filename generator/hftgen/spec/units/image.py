"""References to container images, after the grammar of the OCI distribution."""

import re

from hftgen.spec.units.text import NUMERAL
from hftgen.spec.units.unit import Unit

_PART = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"({_LABEL}(\.{_LABEL})*|\[[a-fA-F0-9:]+\])(:[0-9]{{1,5}})?"
REPOSITORY = rf"({_HOST}/)?{_PART}(/{_PART})*"
TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
DIGEST = r"(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})"
FORM = re.compile(rf"(?P<repository>{REPOSITORY})(:(?P<tag>{TAG}))?(@(?P<digest>{DIGEST}))?")


class ImageRef(Unit):
    """An image: `registry/repository:tag@digest`; tag and digest may each be left out."""

    __slots__ = ()
    words = "an image reference: registry/repository:tag@sha256:digest"
    pattern = rf"^{REPOSITORY}(:{TAG})?(@{DIGEST})?$"
    examples = ("registry.example.com/hft/order-gateway:v1.0.0",)
    also = NUMERAL

    @classmethod
    def _canonical(cls, text: str) -> str:
        match = FORM.fullmatch(text) if len(text) <= 512 else None
        if match is None:
            raise cls.refusal(hint=_advise(text))
        if len(match["repository"]) > 255:
            raise cls.refusal("has a repository of more than 255 characters")
        return text

    def _part(self, name: str) -> str:
        match = FORM.fullmatch(self)
        return (match and match[name]) or ""

    @property
    def repository(self) -> str:
        """Registry and path, without tag and digest."""
        return self._part("repository")

    @property
    def tag(self) -> str:
        """The tag, or empty."""
        return self._part("tag")

    @property
    def digest(self) -> str:
        """`sha256:...`, or empty."""
        return self._part("digest")


def _advise(text: str) -> str:
    if "://" in text:
        return "leave the scheme out"
    if "@" in text:
        return "a digest is sha256: and 64 hexadecimal digits in lower case"
    if text != text.lower() and FORM.fullmatch(text.lower()):
        return "a repository is written in lower case"
    return ""
