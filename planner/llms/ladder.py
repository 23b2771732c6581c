"""The structured-output ladder: ask in the most binding form an endpoint takes, and remember it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import structlog
from pydantic import BaseModel

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.text import text
from memory.model.wires.turns import Form, Message, Question, Said, Tool, Turn
from planner.compiling.reading import holds_json
from planner.llms.client import Client, Down, Ending, FormRefused
from planner.llms.purse import Purse

TOOL = "propose_plan"
MAX_TOKENS = 16_000
"""Of the answer: about two hundred tasks."""

MORE_TOKENS = 32_000
"""Of the second try, where the first was cut off; thoughts count, too."""

_REFUSED = frozenset({"maxLength", "minLength", "maxItems", "minItems", "default", "title"})
"""Providers refuse schemas with limits; the rest only costs tokens."""

log = structlog.get_logger(__name__)


class Rung(IntEnum):
    """The forms an answer can be asked for in, most binding first."""

    SCHEMA = 0
    TOOL = 1
    JSON = 2
    TEXT = 3


@dataclass(frozen=True)
class Reply:
    """What the model wrote. Token counts are 0 where the provider doesn't report them."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Refusal:
    """The model declined, in its words."""

    text: str


@dataclass(frozen=True)
class Truncated:
    """The answer was cut off at the longest the model may write."""


Answer = Reply | Refusal | Truncated | Down


@dataclass
class Ladder:
    """The rung each endpoint and model is on. It never climbs back up while it lives."""

    client: Client = field(default_factory=Client)
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
        purse: Purse | None = None,
    ) -> Answer:
        """The model's answer, from the first rung that gives JSON; on the last, whatever it writes.

        `shown_schema` is put into the prompt where the form itself cannot carry the schema.
        """
        start = self.rung(endpoint)
        refused = ""
        for rung in list(Rung)[start:]:
            if rung is Rung.TOOL and not self.client.takes_tools(endpoint):
                continue
            asked = messages if rung <= Rung.TOOL else _with_schema(messages, shown_schema)
            ending = await self.put(endpoint, _question(asked, schema, rung), purse)
            if isinstance(ending, FormRefused):
                refused = ending.reason
                log.info("form refused", model=endpoint.model, rung=rung.name)
                continue
            answer = answered(ending)
            if isinstance(answer, Reply):
                if not holds_json(answer.text) and rung is not Rung.TEXT:
                    log.info("form ignored", model=endpoint.model, rung=rung.name)
                    continue
                self._remember(endpoint, rung, answer)
            return answer
        return Down(text("it doesn't take any form of question I know ({reason})", reason=refused))

    async def put(
        self, endpoint: ModelEndpoint, question: Question, purse: Purse | None = None
    ) -> Ending:
        """Ask, and once more with more room for an answer that was cut off."""
        ending = await self.client.put(endpoint, question, purse)
        if isinstance(ending, Turn) and ending.finish == "length":
            log.info("answer cut off", model=endpoint.model)
            more = question.model_copy(update={"most_tokens": MORE_TOKENS})
            ending = await self.client.put(endpoint, more, purse)
        return ending

    def _remember(self, endpoint: ModelEndpoint, rung: Rung, answer: Reply) -> None:
        """Stay here; a form that was ignored, though JSON came, isn't asked for again."""
        ignored = rung is Rung.SCHEMA and not answer.text.lstrip().startswith("{")
        self.rungs[endpoint.base_url, endpoint.model] = Rung.TOOL if ignored else rung


def _handed_in(turn: Turn) -> str:
    return next((use.arguments for use in turn.uses if use.name == TOOL), "")


def answered(ending: Turn | Down) -> Answer:
    """A turn as an answer: the arguments of the tool it was handed in with, or its words."""
    if isinstance(ending, Down):
        return ending
    if ending.finish == "length":
        return Truncated()
    if ending.refusal or ending.finish == "filter":
        return Refusal(ending.refusal or text("its content filter stopped it"))
    return Reply(_handed_in(ending) or ending.text, ending.tokens_in or 0, ending.tokens_out or 0)


def handing_in(schema: Mapping[str, Any]) -> Tool:
    """The tool with which a model hands in its answer."""
    return Tool(name=TOOL, description="Hand in the plan.", parameters=schema, strict=True)


def _question(messages: Sequence[Message], schema: Mapping[str, Any], rung: Rung) -> Question:
    said = tuple(messages)
    match rung:
        case Rung.SCHEMA:
            return Question(messages=said, form=Form(name=TOOL, json_schema=schema))
        case Rung.TOOL:
            tool = handing_in(schema)
            return Question(messages=said, tools=(tool,), choice=TOOL, most_tokens=MAX_TOKENS)
        case Rung.JSON:
            return Question(messages=said, form=Form(name=TOOL))
        case Rung.TEXT:
            return Question(messages=said)


def _with_schema(messages: Sequence[Message], shown: str) -> tuple[Message, ...]:
    first, *rest = messages
    words = first.text if isinstance(first, Said) else ""
    return (Said(role="system", text=f"{words}\n\n{shown}"), *rest)


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
