"""What a message means, read by a model over the table of actions, where the words alone don't tell."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import structlog
from pydantic import ValidationError

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.timing.clock import Clock
from memory.model.wires.turns import Said
from memory.store.engine.database import Database
from planner.compiling.reading import read_json
from planner.llms.ladder import Ladder, Reply, strict_schema
from planner.llms.prompt import block, prompt, schema_in_words
from planner.llms.purse import ProjectPurse, Purse
from planner.understanding.answering import Answer, answer_for, taken
from planner.understanding.classifier import possible
from planner.understanding.router import Weighed
from planner.understanding.utterance import Arguments, Asker, Frame, Unclear, Verb

READ_S: Final = 6.0
"""A person waits for it; then the words alone count."""

TOKENS_OUT: Final = 300
EXAMPLES: Final = 4
CHARS: Final = 2_000
THINGS: Final = 40

log = structlog.get_logger(__name__)


class ModelReader:
    """Asks the first endpoint that answers with a row of the table. Each question is booked like
    planning's own. Raises StorageTrouble only.
    """

    def __init__(
        self,
        endpoints: Sequence[ModelEndpoint],
        database: Database | None,
        clock: Clock,
        *,
        within_s: float = READ_S,
    ) -> None:
        self._endpoints = tuple(endpoints)
        self._database = database
        self._clock = clock
        self._within_s = within_s
        self._ladder = Ladder()

    async def read(
        self, said: str, frame: Frame, weighed: Weighed, asker: Asker
    ) -> tuple[str, Arguments] | Unclear | None:
        """The row that is meant, with its arguments; None where no model says one in time."""
        verbs = _open_to(weighed, frame)
        form, schema = _form(verbs)
        messages = (
            Said(role="system", text=_rules(verbs)),
            Said(role="user", text=_about(said, frame)),
        )
        try:
            async with asyncio.timeout(self._within_s):
                for endpoint in self._endpoints:
                    answer = await self._ladder.ask(
                        endpoint,
                        messages,
                        schema=schema,
                        shown_schema=schema_in_words(schema),
                        purse=self._purse(asker),
                    )
                    found = _read(answer.text, form) if isinstance(answer, Reply) else None
                    if found is not None:
                        return taken(said, frame, found, weighed)
        except TimeoutError:
            log.info("no model read the message in time", seconds=self._within_s)
        return None

    def _purse(self, asker: Asker) -> Purse | None:
        if self._database is None:
            return None
        return ProjectPurse(
            self._database, asker.project, asker.event, asker.person, self._clock, TOKENS_OUT
        )


def _open_to(weighed: Weighed, frame: Frame) -> tuple[Verb, ...]:
    """The rows that can be meant here, in a fixed order."""
    verbs = sorted((likely.verb for likely in weighed.ranked), key=lambda verb: verb.name)
    may_be = possible(verbs, frame)
    return tuple(verb for verb, may in zip(verbs, may_be, strict=True) if may)


@cache
def _form(verbs: tuple[Verb, ...]) -> tuple[type[Answer], dict[str, Any]]:
    form = answer_for(verbs)
    return form, strict_schema(form)


@cache
def _rules(verbs: tuple[Verb, ...]) -> str:
    rows = [f"{verb.name}: {' | '.join(verb.phrasings[:EXAMPLES])}" for verb in verbs]
    return f"{prompt('reading')}\n\n{block('TABLE', chr(10).join(rows))}"


def _about(said: str, frame: Frame) -> str:
    thread = ", ".join(sorted(frame.scenes)) or "nothing is open"
    blocks = (
        block("THREAD", thread),
        block("FILES ARE ABOUT", ", ".join(sorted(frame.things)[:THINGS])),
        block("MESSAGE", said[:CHARS]),
    )
    return "\n\n".join(filter(None, blocks))


def _read(text: str, form: type[Answer]) -> Answer | None:
    try:
        return form.model_validate(read_json(text))
    except (ValidationError, ValueError) as error:
        log.info("a model's reading doesn't fit the table", error=type(error).__name__)
        return None
