"""Calls that were made before, word for word: their answer is reused instead of paid for again.

Only what a model was asked without tools and without any effect is kept, only as long as the
settings say (by default: not at all), and never for a second attempt: whoever asks again wants
another answer.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from pydantic import JsonValue

from executor.parts import Parts
from executor.port import (
    Agent,
    Argument,
    Call,
    Reply,
)
from executor.runs import inputs
from memory.model.agents.spec import AgentKind
from memory.model.base import canonical_json, sha256
from memory.model.errors import NotFound, StorageTrouble
from memory.model.work.run import Usage
from memory.model.work.value import File, Json, Table, Text, Value
from memory.store.running import calls
from memory.store.running.attempts import Attempt

VERSION: Final = 1

log = structlog.get_logger(__name__)


def key(parts: Parts, attempt: Attempt, agent: Agent, call: Call) -> str:
    """What makes two calls the same; "" where an earlier answer may not be reused."""
    spec, task = agent.spec, call.task
    fresh = parts.cache_s <= 0 or attempt.simulated or attempt.number > 1
    if fresh or spec.kind is not AgentKind.MODEL or task.effects or "tools" in call.inputs:
        return ""
    identity: JsonValue = {
        "version": VERSION,
        "agent": [spec.name, spec.provider, spec.price_model, spec.description],
        "order": [task.title, task.type, task.instruction, call.complaint],
        "inputs": {name: _plain(value) for name, value in sorted(call.inputs.items())},
    }
    return sha256(canonical_json(identity))


async def answered(parts: Parts, attempt: Attempt, wanted: str) -> tuple[Reply, int] | None:
    """The answer to the same call, and what it would have cost in micro-USD; None if there is none.

    If anything goes wrong here, the call is simply made.
    """
    if not wanted:
        return None
    since = parts.clock.now() - timedelta(seconds=parts.cache_s)
    try:
        async with parts.database.reading() as connection:
            known = await calls.get(connection, attempt.project, wanted, since=since)
            if known is None:
                return None
            value = await inputs.value(connection, attempt.project, known.value_digest)
        async with parts.database.transaction() as tx:
            await calls.saved(tx, attempt.project, wanted, known.cost_micro_usd)
    except (NotFound, StorageTrouble):
        return None
    return Reply(value=value, usage=Usage()), known.cost_micro_usd


async def keep(parts: Parts, attempt: Attempt, wanted: str, value: Value, usage: Usage) -> None:
    """Remember the answer, if it may be reused."""
    if not wanted:
        return
    now = parts.clock.now()
    try:
        async with parts.database.transaction() as tx:
            digest = await inputs.keep(tx, attempt.project, value, at=now)
            await calls.keep(
                tx, attempt.project, wanted, digest, cost=usage.cost_micro_usd or 0, at=now
            )
            await calls.forget(tx, attempt.project, before=now - timedelta(seconds=parts.cache_s))
    except StorageTrouble as error:
        log.warning("an answer was not kept", detail=error.detail)


def _plain(value: Argument | Sequence[Argument]) -> JsonValue:
    if isinstance(value, Text | Table | File | Json):
        plain: JsonValue = value.model_dump(mode="json")
        return plain
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value  # type: ignore[return-value]  # a constant of the plan, which is JSON
