"""The structured-output ladder: ask in the most binding form an endpoint takes, and remember it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import BaseModel

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.text import text
from planner.llms.client import Down, FormRefused, Message, Refusal, Reply, Rung, Truncated, ask

Answer = Reply | Refusal | Truncated | Down

_REFUSED = frozenset({"maxLength", "minLength", "maxItems", "minItems", "default", "title"})
"""Providers refuse schemas with limits; the rest only costs tokens."""

log = structlog.get_logger(__name__)


@dataclass
class Ladder:
    """The rung each endpoint and model is on. It never climbs back up while it lives."""

    rungs: dict[tuple[str, str], Rung] = field(default_factory=dict)

    def rung(self, endpoint: ModelEndpoint) -> Rung:
        """Where the next question to this endpoint begins."""
        # Anthropic's compatible endpoint takes response_format and ignores it.
        first = Rung.TOOL if endpoint.provider == "anthropic" else Rung.SCHEMA
        return self.rungs.get((endpoint.base_url, endpoint.model), first)

    async def ask(
        self,
        endpoint: ModelEndpoint,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, Any],
        shown_schema: str,
    ) -> Answer:
        """The model's answer, from the first rung that gives JSON; on the last, whatever it writes.

        `shown_schema` is put into the prompt where the form itself cannot carry the schema.
        """
        start = self.rung(endpoint)
        refused = ""
        for rung in list(Rung)[start:]:
            asked = messages if rung <= Rung.TOOL else _with_schema(messages, shown_schema)
            ending = await ask(endpoint, asked, schema=schema, rung=rung)
            if isinstance(ending, FormRefused):
                refused = ending.reason
                log.info("form refused", model=endpoint.model, rung=rung.name)
                continue
            if isinstance(ending, Reply) and rung is Rung.SCHEMA and not _is_json(ending.text):
                log.info("form ignored", model=endpoint.model, rung=rung.name)
                continue
            if isinstance(ending, Reply):
                self.rungs[endpoint.base_url, endpoint.model] = rung
            return ending
        return Down(text("it doesn't take any form of question I know ({reason})", reason=refused))


def _is_json(text: str) -> bool:
    """Whether JSON was meant. Broken JSON is a slip with its own repair turn; prose is not JSON."""
    return text.lstrip().startswith("{")


def _with_schema(messages: Sequence[Message], shown: str) -> tuple[Message, ...]:
    first, *rest = messages
    return ({**first, "content": f"{first['content']}\n\n{shown}"}, *rest)


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON Schema for strict mode: every key required, nothing else allowed."""
    strict: dict[str, Any] = _strict(model.model_json_schema())
    return strict


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    # Beneath "properties" the keys are names of fields, not words of the schema.
    clean = {
        key: {name: _strict(field) for name, field in value.items()}
        if key in {"properties", "$defs"}
        else _strict(value)
        for key, value in node.items()
        if key not in _REFUSED
    }
    if clean.get("type") == "object":
        clean["required"] = list(clean.get("properties", {}))
        clean["additionalProperties"] = False
    return clean
