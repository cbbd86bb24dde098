"""Who may talk to a control plane: bearer tokens, a key for service accounts, kubeconfig files.

Made without outside programs. The API server makes its own serving certificate.
"""

import base64
import json
import secrets
from pathlib import Path
from typing import NamedTuple

ADMIN = "admin"
CONTROLLERS = "system:kube-controller-manager"
SCHEDULER = "system:kube-scheduler"
_GROUPS = {ADMIN: "system:masters", CONTROLLERS: "", SCHEDULER: ""}

# RFC 5915: SEQUENCE { INTEGER 1, OCTET STRING of 32 bytes, [0] the curve P-256 }. Go computes the public key from it.
_EC_BEFORE, _EC_AFTER = "30310201010420", "a00a06082a8648ce3d030107"


class Credentials(NamedTuple):
    """Files below `folder`: the tokens that the API server reads, and the key that signs service accounts' tokens."""

    folder: Path
    tokens: dict[str, str]

    @property
    def token_file(self) -> Path:
        """For --token-auth-file."""
        return self.folder / "tokens.csv"

    @property
    def service_account_key(self) -> Path:
        """A private key in PEM."""
        return self.folder / "service-accounts.key"

    @property
    def certificates(self) -> Path:
        """Where the API server leaves its certificate."""
        return self.folder / "certificates"

    @property
    def authority(self) -> Path:
        """What proves the API server's certificate."""
        return self.certificates / "apiserver.crt"

    def kubeconfig(self, user: str, server: str) -> Path:
        """Write the kubeconfig with which a user reaches a server such as https://127.0.0.1:6443."""
        file = self.folder / f"{user.rpartition(':')[2]}.kubeconfig"
        value = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": {"server": server, "certificate-authority": str(self.authority)}}],
            "users": [{"name": user, "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
            "current-context": "test",
        }
        _write_private(file, json.dumps(value))
        return file


def make_credentials(folder: Path) -> Credentials:
    """New tokens and a new key in a folder."""
    made = Credentials(folder, {user: secrets.token_hex(16) for user in _GROUPS})
    rows = [f'{token},{user},{user},"{_GROUPS[user]}"' for user, token in made.tokens.items()]
    _write_private(made.token_file, "\n".join(rows) + "\n")
    key = bytes.fromhex(_EC_BEFORE) + secrets.token_bytes(32) + bytes.fromhex(_EC_AFTER)
    text = base64.b64encode(key).decode()
    _write_private(made.service_account_key, f"-----BEGIN EC PRIVATE KEY-----\n{text}\n-----END EC PRIVATE KEY-----\n")
    return made


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
