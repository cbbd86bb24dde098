"""The images of kind's nodes: what their authors published, by minor version."""

import re

from hftgen.facts.kind import IMAGES

# Of quay.io/cilium/kindest-node:v1.35.0, a copy for another registry; Docker Hub knows no such digest.
MIRRORED = "a36285a50bb7ee33d44b6d7938dca10e34f8a9294873ae4b0b04f9d21619d44c"


def test_each_image_is_a_patch_of_its_minor_version() -> None:
    """By a whole digest, which no other version has."""
    for minor, image in IMAGES.items():
        assert re.fullmatch(rf"kindest/node:v{re.escape(minor)}\.[0-9]+@sha256:[0-9a-f]{{64}}", image), image
    assert len({image.partition("@")[2] for image in IMAGES.values()}) == len(IMAGES)


def test_no_image_has_the_digest_of_a_mirrors_copy() -> None:
    """kind would find no image by it."""
    assert not [image for image in IMAGES.values() if MIRRORED in image]
