"""Secrets of projects, locked with a key that the database doesn't hold.

AES-256-GCM; its key is made from one of the keys that seal approvals (HMAC-SHA-256, as HKDF expands),
and what is locked is bound to the project and name it was locked for.
"""

import base64
import secrets
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from memory.model.base import canonical_json
from memory.model.errors import Misconfigured
from memory.privacy.seals import Seals

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
"""As NIST SP 800-38D wants it; a random one may serve 2^32 times, far more than anybody pastes."""

_PURPOSE: Final = b"orchestra: secrets of projects, 1\x01"


def locked(seals: Seals, project: str, name: str, value: SecretStr) -> str:
    """The key's id and what the value became."""
    key_id, key = seals.newest, seals.key_for(seals.newest, _PURPOSE)
    nonce = secrets.token_bytes(NONCE_BYTES)
    assert key is not None
    data = _cipher(key).encrypt(nonce, value.get_secret_value().encode(), _bound(project, name))
    return f"{key_id}:{base64.b64encode(nonce + data).decode()}"


def opened(seals: Seals, project: str, name: str, kept: str) -> SecretStr:
    """The value again. Raises Misconfigured where its key is gone, or it was locked for others."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - 50 ms that only secrets pay

    key_id, _, data = kept.partition(":")
    key = seals.key_for(key_id, _PURPOSE) or b"\0" * 32  # which opens nothing
    try:
        raw = base64.b64decode(data, validate=True)
        nonce, rest = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return SecretStr(_cipher(key).decrypt(nonce, rest, _bound(project, name)).decode())
    except (InvalidTag, ValueError) as error:
        raise Misconfigured(
            "secret:{name} can't be opened with the keys in {path}: they aren't those it was kept "
            "with, or the stored secret was changed. Keep the secret again.",
            name=name,
            path=seals.path,
        ) from error


def _bound(project: str, name: str) -> bytes:
    return canonical_json([project, name])


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see above

    return AESGCM(key)
