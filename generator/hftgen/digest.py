"""One digest for everything: it guards against accidents and must be quick to import."""

try:
    # hashlib loads OpenSSL first, which alone takes 3 ms of a render that has nothing to do.
    from _blake2 import blake2b
except ImportError:  # an interpreter without CPython's own module
    from hashlib import blake2b

from collections.abc import Iterable


def digest(data: bytes) -> str:
    """BLAKE2b of some bytes, 32 hexadecimal digits."""
    return blake2b(data, digest_size=16).hexdigest()


def fingerprint(files: Iterable[tuple[str, bytes]]) -> str:
    """One digest of named byte strings, in the order given; no two different lists share one by how they are joined."""
    whole = blake2b(digest_size=16)
    for name, data in files:
        encoded = name.encode("utf-8", "surrogateescape")
        whole.update(b"%d %d\n" % (len(encoded), len(data)))
        whole.update(encoded)
        whole.update(data)
    return whole.hexdigest()
