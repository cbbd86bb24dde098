"""The registry of images, and how a job logs in there: for its own token where the registry's cloud knows it."""

import re
from typing import Literal, NamedTuple

Login = Literal["aws", "google", "azure", "github", "password"]

_CLOUDS: tuple[tuple[Login, re.Pattern[str]], ...] = (
    ("aws", re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")),
    ("google", re.compile(r"[a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io")),
    ("azure", re.compile(r"[a-z0-9]+\.azurecr\.io")),
    ("github", re.compile(r"ghcr\.io")),
)
AUDIENCES: dict[Login, str] = {"aws": "sts.amazonaws.com", "azure": "api://AzureADTokenExchange"}
"""What a token is for, as the clouds' own documents have it; Google's is the provider's name, which only it knows."""


class Registry(NamedTuple):
    """`path` begins every image's name, `host` is its first part; `login` says who vouches for a job there."""

    path: str
    host: str
    login: Login
    audience: str


def describe_registry(path: str) -> Registry:
    """A registry by its path."""
    host = path.partition("/")[0]
    login: Login = next((login for login, pattern in _CLOUDS if pattern.fullmatch(host)), "password")
    return Registry(path, host, login, AUDIENCES.get(login, ""))
