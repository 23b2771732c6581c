"""The drafter that asks models: endpoints in order, the first that answers."""

from collections.abc import Sequence
from typing import assert_never

import structlog
from pydantic import ValidationError

from memory.model.agents.endpoint import ModelEndpoint
from planner.compiling.reading import read_json
from planner.draft import Draft
from planner.drafter_port import Drafted, Drafting, Earlier, Malformed, Refused, Unreachable
from planner.llms.client import Down, Refusal, Said, Truncated
from planner.llms.ladder import Ladder
from planner.llms.prompt import first_messages, schema_in_words
from planner.llms.schema import strict_schema
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
        for endpoint in self._endpoints:
            answer = await self._ladder.ask(
                endpoint, messages, schema=self._schema, shown_schema=shown
            )
            match answer:
                case Said():
                    log.info(
                        "plan drafted",
                        model=endpoint.model,
                        tokens_in=answer.tokens_in,
                        tokens_out=answer.tokens_out,
                    )
                    return _read(answer.text, endpoint, tuple(silent))
                case Refusal(text=text):
                    return Refused(
                        f"{endpoint.title} will not plan this: {' '.join(text.split())[:300]}"
                    )
                case Truncated():
                    silent.append(f"{endpoint.title}: its answer was cut off")
                case Down(reason=reason):
                    log.warning("model unreachable", model=endpoint.model, reason=reason)
                    silent.append(f"{endpoint.title}: {reason}")
                case _:
                    assert_never(answer)
        return Unreachable("; ".join(silent))


def _read(text: str, endpoint: ModelEndpoint, silent: tuple[str, ...]) -> Drafted | Malformed:
    remarks = (f"Planned by {endpoint.title} ({'; '.join(silent)}).",) if silent else ()
    try:
        value = read_json(text)
        return Drafted(Draft.model_validate(value), endpoint.model, remarks)
    except ValidationError as error:
        return Malformed(text, _told(error), endpoint.model, remarks)
    except ValueError as error:
        return Malformed(text, str(error), endpoint.model, remarks)


def _told(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
        for one in error.errors(include_url=False)[:PROBLEMS_TOLD]
    )
