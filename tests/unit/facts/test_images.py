"""Image references."""

import pytest

from hftgen.facts.images import split_image


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("redis", {"repository": "redis"}),
        ("redis:7", {"repository": "redis", "tag": "7"}),
        ("localhost:5000/a/b", {"repository": "localhost:5000/a/b"}),
        ("r.io:5000/a:v1@sha256:ab", {"repository": "r.io:5000/a", "tag": "v1", "digest": "sha256:ab"}),
        ("r.io/a@sha256:ab", {"repository": "r.io/a", "digest": "sha256:ab"}),
    ],
)
def test_a_registry_port_is_no_tag(reference: str, parts: dict[str, str]) -> None:
    """A tag stands behind the last slash; tag and digest may both be there."""
    assert split_image(reference) == parts
