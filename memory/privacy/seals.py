"""Seals: an HMAC over a row, by a key the database doesn't hold, so that a forged row shows.

The keys are lines `ID HEX` of one file, newest last: that one seals, all of them check.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from memory.model.base import canonical_json, sha256
from memory.model.errors import Misconfigured

SECRET_BYTES: Final = 32
OTHERS: Final = 0o077
"""Rights of group and others, who have none on a file of keys."""


class Check(StrEnum):
    """What looking at a seal came to."""

    HOLDS = "holds"
    MISSING = "missing"
    FORGED = "forged"
    """It isn't what the key makes of this row: the row was changed, or sealed without the key."""
    UNKNOWN_KEY = "unknown_key"


class Seals:
    """Seals rows with the newest key of the file, and checks them with every key.

    A key that is added meanwhile is used from then on. Raises Misconfigured where the file can't
    be read, isn't a file of keys, or can be read by others.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp, self._keys = _stamp(path), _read(path)

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return next(reversed(self._now()))

    def seal(self, kind: str, row: Mapping[str, object]) -> str:
        """The seal of a row of this kind: the key's id and the HMAC-SHA-256 in hex."""
        keys = self._now()
        return _sealed(next(reversed(keys)), keys, kind, row)

    def check(self, kind: str, row: Mapping[str, object], seal: str) -> Check:
        """Whether this seal was made by a key of the file for this very row."""
        if not seal:
            return Check.MISSING
        keys, name = self._now(), seal.partition(":")[0]
        if name not in keys:
            return Check.UNKNOWN_KEY
        same = hmac.compare_digest(_sealed(name, keys, kind, row), seal)
        return Check.HOLDS if same else Check.FORGED

    def key_for(self, name: str, purpose: bytes) -> bytes | None:
        """A key of 32 bytes for something else than sealing, made of the one of this id."""
        key = self._now().get(name)
        return None if key is None else hmac.digest(key, purpose, "sha256")

    def _now(self) -> dict[str, bytes]:
        with suppress(OSError):  # a file that is away for a moment takes nothing back
            stamp = _stamp(self.path)
            if stamp != self._stamp:
                self._stamp, self._keys = stamp, _read(self.path)
        return self._keys


def make(path: Path) -> bool:
    """Make a file with one key; False where there is one already. Raises Misconfigured."""
    if path.exists():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole = _written(path, [_new_line()])
        try:
            path.hardlink_to(whole)  # fails where another process was quicker
        finally:
            whole.unlink()
    except FileExistsError:
        return False
    except OSError as error:
        raise _unusable(path, error) from error
    return True


def rotate(path: Path) -> str:
    """Add a key, which seals from now on; gives back its id. Raises Misconfigured."""
    _read(path)
    line = _new_line()
    try:
        _written(path, [*path.read_text(encoding="ascii").splitlines(), line]).replace(path)
    except OSError as error:
        raise _unusable(path, error) from error
    return line.partition(" ")[0]


def _sealed(name: str, keys: Mapping[str, bytes], kind: str, row: Mapping[str, object]) -> str:
    said = canonical_json([kind, {field: _plain(value) for field, value in row.items()}])
    return f"{name}:{hmac.new(keys[name], said, hashlib.sha256).hexdigest()}"


def _plain(value: object) -> JsonValue:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, int) or value is None else str(value)


def _new_line() -> str:
    secret = secrets.token_bytes(SECRET_BYTES)
    return f"k{sha256(secret)[:8]} {secret.hex()}"


def _written(path: Path, lines: list[str]) -> Path:
    """A whole file beside the one that is meant, which only its owner can read."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        os.write(handle, "".join(f"{line}\n" for line in lines).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return beside


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _read(path: Path) -> dict[str, bytes]:
    try:
        if path.stat().st_mode & OTHERS:
            raise Misconfigured(
                "Others can read the keys that seal approvals. Run `chmod 600 {path}`.", path=path
            )
        lines = path.read_text(encoding="ascii").splitlines()
        keys = {
            name: bytes.fromhex(secret)
            for name, secret in (line.split() for line in lines if line.strip())
        }
    except OSError as error:
        raise _unusable(path, error) from error
    except ValueError as error:
        raise Misconfigured(
            "{path} should hold the keys that seal approvals, one `ID HEX` a line.", path=path
        ) from error
    if not keys or any(len(secret) < SECRET_BYTES for secret in keys.values()):
        raise Misconfigured("{path} holds no key of 32 bytes or more.", path=path)
    return keys


def _unusable(path: Path, error: OSError) -> Misconfigured:
    return Misconfigured(
        "The keys that seal approvals can't be kept in {path}: {reason}. Name another file as "
        "seal_keys.",
        path=path,
        reason=error.strerror or type(error).__name__,
    )


@dataclass(frozen=True)
class Unsealed:
    """Stands for the keys where a database has none: it seals nothing and finds nothing wrong."""

    newest: str = ""

    def seal(self, kind: str, row: Mapping[str, object]) -> str:
        """No seal."""
        del kind, row
        return ""

    def check(self, kind: str, row: Mapping[str, object], seal: str) -> Check:
        """Nothing to find."""
        del kind, row, seal
        return Check.HOLDS
