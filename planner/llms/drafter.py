"""The drafter that asks models: endpoints in order, the first that answers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import assert_never

import structlog
from pydantic import ValidationError

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.text import text
from memory.model.wires.turns import Question, Said, Turn
from planner.compiling.reading import holds_json, read_json
from planner.draft import Draft
from planner.drafter_port import (
    Drafted,
    Drafting,
    Earlier,
    Looked,
    Malformed,
    Refused,
    Unreachable,
    Wants,
)
from planner.llms.client import Down, FormRefused
from planner.llms.ladder import (
    MAX_TOKENS,
    TOOL,
    Answer,
    Ladder,
    Refusal,
    Reply,
    Truncated,
    answered,
    handing_in,
    strict_schema,
)
from planner.llms.looking import LOOKS, TURNS
from planner.llms.prompt import first_messages, schema_in_words
from planner.llms.purse import Purse
from planner.port import PlanRequest

PROBLEMS_TOLD = 12
SCHEMA = strict_schema(Draft)

log = structlog.get_logger(__name__)


class ModelDrafter:
    """Drafts with the first endpoint that can be reached; `ladder` remembers how each is asked."""

    def __init__(
        self,
        endpoints: Sequence[ModelEndpoint],
        ladder: Ladder | None = None,
        purse: Purse | None = None,
    ) -> None:
        self._endpoints = tuple(endpoints)
        self._ladder = ladder or Ladder()
        self._purse = purse

    async def draft(
        self, request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
    ) -> Drafting:
        """Draft, repair or redraft once. Every ending is a value."""
        messages = first_messages(request, known=known, earlier=earlier)

        async def ask(endpoint: ModelEndpoint) -> Answer:
            return await self._in_form(endpoint, messages)

        ending = await self._first(ask)
        assert not isinstance(ending, Wants)
        return ending

    async def look(
        self, request: PlanRequest, *, known: tuple[str, ...], looked: Looked
    ) -> Drafting | Wants:
        """Draft with tools to look at things first; without them where an endpoint takes none."""

        async def ask(endpoint: ModelEndpoint) -> Answer | Wants:
            return await self._looking(endpoint, request, known, looked)

        return await self._first(ask)

    async def again(self, request: PlanRequest, *, known: tuple[str, ...]) -> Drafting:
        """Draft anew, beginning with the second endpoint."""
        rotated = (*self._endpoints[1:], *self._endpoints[:1])
        other = ModelDrafter(rotated, self._ladder, self._purse)
        return await other.draft(request, known=known, earlier=None)

    async def _first(
        self, ask: Callable[[ModelEndpoint], Awaitable[Answer | Wants]]
    ) -> Drafting | Wants:
        """The first endpoint's answer that is one."""
        silent: list[str] = []
        refusals: list[str] = []
        for endpoint in self._endpoints:
            answer = await ask(endpoint)
            match answer:
                case Wants():
                    return answer
                case Reply():
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

    async def _in_form(self, endpoint: ModelEndpoint, messages: Sequence[Said]) -> Answer:
        shown = schema_in_words(SCHEMA)
        return await self._ladder.ask(
            endpoint, messages, schema=SCHEMA, shown_schema=shown, purse=self._purse
        )

    async def _looking(
        self, endpoint: ModelEndpoint, request: PlanRequest, known: tuple[str, ...], looked: Looked
    ) -> Answer | Wants:
        ours = looked.model in {"", endpoint.name}
        seen = () if ours else looked.texts
        first = first_messages(request, known=(*known, *seen), earlier=None, looks=TURNS)
        if self._ladder.client.takes_tools(endpoint):
            last = looked.turns >= TURNS
            question = Question(
                messages=(*first, *looked.messages) if ours else first,
                tools=(*LOOKS, handing_in(SCHEMA)),
                choice=TOOL if last else "required",
                most_tokens=MAX_TOKENS,
            )
            ending = await self._ladder.put(endpoint, question, self._purse)
            if isinstance(ending, Turn) and _looks(ending) and not last:
                return Wants(endpoint.name, ending)
            answer = None if isinstance(ending, FormRefused) else answered(ending)
            if answer is not None and (not isinstance(answer, Reply) or holds_json(answer.text)):
                return answer
        return await self._in_form(
            endpoint, first_messages(request, known=(*known, *seen), earlier=None)
        )


def _looks(turn: Turn) -> bool:
    """Whether it only asks to look; a plan that was handed in counts for more."""
    return bool(turn.uses) and all(use.name != TOOL for use in turn.uses)


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
