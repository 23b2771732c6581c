"""The structured-output ladder: ask in the most binding form an endpoint takes, and remember it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from memory.model.agents.endpoint import ModelEndpoint
from planner.llms.client import Down, FormRefused, Message, Refusal, Rung, Said, Truncated, ask

Answer = Said | Refusal | Truncated | Down

log = structlog.get_logger(__name__)


@dataclass
class Ladder:
    """Which rung each endpoint and model stands on. Never climbs back up while it lives."""

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
        """The model's answer, from the first rung that gives JSON; on the last, whatever it says.

        `shown_schema` is put into the prompt where the form itself cannot carry the schema.
        """
        start = self.rung(endpoint)
        refused = ""
        for rung in Rung:
            if rung < start:
                continue
            asked = messages if rung <= Rung.TOOL else _with_schema(messages, shown_schema)
            ending = await ask(endpoint, asked, schema=schema, rung=rung)
            if isinstance(ending, FormRefused):
                refused = ending.reason
                log.info("form refused", model=endpoint.model, rung=rung.name)
                continue
            if isinstance(ending, Said) and rung is Rung.SCHEMA and not _is_json(ending.text):
                log.info("form ignored", model=endpoint.model, rung=rung.name)
                continue
            if isinstance(ending, Said):
                self.rungs[endpoint.base_url, endpoint.model] = rung
            return ending
        return Down(f"it takes no question of mine ({refused})")


def _is_json(text: str) -> bool:
    """Whether JSON was meant. Broken JSON is a slip with its own repair turn; prose is not JSON."""
    return text.lstrip().startswith("{")


def _with_schema(messages: Sequence[Message], shown: str) -> tuple[Message, ...]:
    first, *rest = messages
    return ({**first, "content": f"{first['content']}\n\n{shown}"}, *rest)
