"""What every value is made of: frozen models, canonical JSON, names and ids."""

import hashlib
import json
import unicodedata
from typing import NewType

from pydantic import BaseModel, ConfigDict, JsonValue

ProjectId = NewType("ProjectId", str)
RequestId = NewType("RequestId", str)
RunId = NewType("RunId", str)
TaskKey = NewType("TaskKey", str)
AgentName = NewType("AgentName", str)
PlanHash = NewType("PlanHash", str)
Digest = NewType("Digest", str)


class Model(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


def canonical_json(value: JsonValue) -> bytes:
    """One byte string per value: sorted keys, NFC text, no NaN, UTF-8.

    Raises ValueError for NaN and infinities, which JSON cannot say.
    """
    return json.dumps(
        _nfc(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()


def sha256(data: bytes) -> Digest:
    """The lower-case hex SHA-256 of the bytes."""
    return Digest(hashlib.sha256(data).hexdigest())


def name_key(name: str) -> str:
    """The form in which names of agents, projects and templates are compared."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def _nfc(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_nfc(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): _nfc(item) for key, item in value.items()}
    return value
