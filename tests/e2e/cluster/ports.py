"""Free ports of this machine's loopback."""

import secrets
import socket

_FIRST, _LAST = 20000, 32000  # below the ports that systems give to outgoing connections


def find_ports(count: int) -> list[int]:
    """So many ports that nobody listens on now."""
    found: list[int] = []
    while len(found) < count:
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        if port not in found and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
