"""The drafter that asks models: endpoints in order, the first that answers."""

from collections.abc import Sequence
from typing import assert_never

import structlog
from pydantic import ValidationError

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.text import text
from planner.compiling.reading import read_json
from planner.draft import Draft
from planner.drafter_port import Drafted, Drafting, Earlier, Malformed, Refused, Unreachable
from planner.llms.client import Down
from planner.llms.ladder import Ladder, Refusal, Reply, Truncated, strict_schema
from planner.llms.prompt import first_messages, schema_in_words
from planner.port import PlanRequest

PROBLEMS_TOLD = 12

log = structlog.get_logger(__name__)


class ModelDrafter:
    """Drafts with the first endpoint that can be reached. Remembers rungs while it lives."""

    def __init__(self, endpoints: Sequence[ModelEndpoint]) -> None:
        self._endpoints = tuple(endpoints)
        self._ladder = Ladder()
        self._schema = strict_schema(Draft)

    async def draft(
        self, request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
    ) -> Drafting:
        """Draft, repair or redraft once. Every ending is a value."""
        messages = first_messages(request, known=known, earlier=earlier)
        shown = schema_in_words(self._schema)
        silent: list[str] = []
        refusals: list[str] = []
        for endpoint in self._endpoints:
            answer = await self._ladder.ask(
                endpoint, messages, schema=self._schema, shown_schema=shown
            )
            match answer:
                case Reply():
                    log.info(
                        "plan drafted",
                        model=endpoint.model,
                        tokens_in=answer.tokens_in,
                        tokens_out=answer.tokens_out,
                    )
                    return _read(answer.text, endpoint, tuple(silent))
                case Refusal(text=words):
                    reason = text("it won't plan this: {reason}", reason=_short(words))
                    refusals.append(_won_t(endpoint, words))
                case Truncated():
                    reason = text("its answer was cut off")
                case Down(reason=reason):
                    log.warning("model unreachable", model=endpoint.model, reason=reason)
                case _:
                    assert_never(answer)
            silent.append(f"{endpoint.title}: {reason}")
        if refusals:
            return Refused(refusals[0])
        return Unreachable("; ".join(silent))


def _won_t(endpoint: ModelEndpoint, words: str) -> str:
    return text("{model} won't plan this: {reason}", model=endpoint.title, reason=_short(words))


def _short(words: str) -> str:
    return " ".join(words.split())[:300]


def _read(answer: str, endpoint: ModelEndpoint, silent: tuple[str, ...]) -> Drafted | Malformed:
    remarks: tuple[str, ...] = ()
    if silent:
        reasons = "; ".join(silent)
        remarks = (text("Planned by {model} ({reasons}).", model=endpoint.title, reasons=reasons),)
    try:
        return Drafted(Draft.model_validate(read_json(answer)), endpoint.model, remarks)
    except ValidationError as error:
        return Malformed(answer, _problems(error), endpoint.model)
    except ValueError as error:
        return Malformed(answer, str(error), endpoint.model)


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
        for problem in error.errors(include_url=False)[:PROBLEMS_TOLD]
    )
