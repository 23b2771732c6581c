"""The tools of a server as somebody approved them; a changed list is another list."""

from datetime import datetime

from pydantic import JsonValue

from memory.model.base import Digest, Model, canonical_json, sha256


class OfferedTool(Model):
    """A tool as its server describes it. None means that the server does not say."""

    name: str
    title: str = ""
    description: str = ""
    inputs: dict[str, JsonValue] = {}
    outputs: dict[str, JsonValue] | None = None
    read_only: bool | None = None
    destructive: bool | None = None
    idempotent: bool | None = None


class ToolPin(Model):
    """The tools of `server` that `approved_by` looked at."""

    server: str
    digest: Digest
    tools: tuple[OfferedTool, ...]
    approved_by: str
    at: datetime


def tools_digest(tools: tuple[OfferedTool, ...]) -> Digest:
    """One digest per list, whatever its order. Raises ValueError for numbers JSON cannot say."""
    ordered = sorted(tools, key=lambda tool: tool.name)
    return sha256(canonical_json([tool.model_dump(mode="json") for tool in ordered]))
