"""One attempt at one task: take it up, let the agent work, bring the ending home."""

import asyncio
import time
from pathlib import Path

import structlog

from executor import claim as claiming
from executor import inputs, screening
from executor.advance import advance, keep_value
from executor.agents.port import Call
from executor.claim import Claim
from executor.egress.files import ProjectFiles
from executor.parts import Parts
from executor.settle import Ending
from memory.model.crash import crashpoint, declare
from memory.model.errors import (
    AgentMisbehaved,
    AgentRejected,
    AgentUnavailable,
    OrchestraError,
    StorageTrouble,
)
from memory.model.run import Failed, Held, Outcome, Succeeded, Usage
from memory.model.value import Value
from memory.store import effects

declare("before_effect", "after_agent", "after_effect")

STORAGE_PAUSE_S = 1.0
STORAGE_PAUSE_CAP_S = 30.0

log = structlog.get_logger(__name__)


async def work(parts: Parts, name: str) -> None:
    """Do the attempt; comes back when its ending is stored, however long the disk is full."""
    pause = STORAGE_PAUSE_S
    while True:
        try:
            await perform(parts, name)
        except StorageTrouble as error:
            log.warning("the store refuses; will try again", attempt=name, detail=error.detail)
            await asyncio.sleep(pause)
            pause = min(STORAGE_PAUSE_CAP_S, pause * 2)
        else:
            return


async def perform(parts: Parts, name: str) -> None:
    """The same, once. Raises StorageTrouble with nothing half-written."""
    claim = await claiming.take_up(parts, name)
    if claim is None:
        return
    began = time.monotonic()
    try:
        outcome = await _outcome(parts, claim)
    except asyncio.CancelledError:
        if not parts.under_way.was_stopped(name):
            raise  # the process ends; the attempt is taken up at the next start
        outcome = Held(reason="cancelled", text="cancelled")
    ending = Ending(
        claim.attempt,
        claim.plan,
        claim.task,
        outcome,
        breaker=None if claim.agent is None or claim.attempt.simulated else claim.breaker,
        latency_ms=int((time.monotonic() - began) * 1000),
        idempotent=claim.agent is None or claim.agent.spec.idempotent,
    )
    await advance(parts, ending)


async def _outcome(parts: Parts, claim: Claim) -> Outcome:
    done = await _done_before(parts, claim)
    if done is not None:
        return done
    if claim.agent is None:
        name = claim.attempt.agent
        return Failed(
            code="no_agent", text=f"There is no agent {name} here any more.", retryable=False
        )
    try:
        call = _call(claim)
        crashpoint("before_effect")
        with parts.under_way.holding(claim.attempt.id, claim.attempt.run):
            async with asyncio.timeout(claim.task.timeout_s):
                reply = await claim.agent.run(call)
        crashpoint("after_agent")
        value = screening.screened(reply.value, claim.agent.spec)
        await _effects_done(parts, claim, value)
    except TimeoutError:
        return Failed(
            code="timeout",
            text=f"{claim.agent.spec.title} took longer than {claim.task.timeout_s} s.",
            retryable=True,
            usage=Usage(requests=1, cost_micro_usd=_unknown(claim)),
        )
    except OrchestraError as error:
        return _failed(claim, error)
    except Exception:  # the worker's edge: one agent's bug must not stop the others
        log.exception("an agent broke", agent=claim.attempt.agent, attempt=claim.attempt.id)
        return Failed(
            code="internal",
            text=f"{claim.agent.spec.title} broke; the log has the reason.",
            retryable=True,
            usage=Usage(cost_micro_usd=_unknown(claim)),
        )
    return Succeeded(value=value, usage=reply.usage)


async def _done_before(parts: Parts, claim: Claim) -> Outcome | None:
    """The ending of an attempt that repeats a dead one, where the work must not be repeated."""
    rows = claim.effects
    if rows and all(row.state == "done" for row in rows):
        async with parts.database.reading() as connection:
            value = await inputs.value(connection, claim.attempt.project, rows[0].digest)
        return Succeeded(value=value, usage=Usage(cost_micro_usd=_unknown(claim)))
    if claim.attempt.claims >= claiming.CLAIMS:
        return Failed(
            code="crashed",
            text="The program died three times while doing this; it is not tried again.",
            retryable=False,
            usage=Usage(cost_micro_usd=_unknown(claim)),
        )
    once = claim.agent is not None and not claim.agent.spec.idempotent
    if rows and once and not claim.attempt.simulated:
        targets = ", ".join(row.target for row in rows)
        return Failed(
            code="unknown_effect",
            text=f"It is not known whether {targets} was changed before the program stopped; "
            "look there, then ask again.",
            retryable=False,
            usage=Usage(cost_micro_usd=_unknown(claim)),
        )
    return None


def _call(claim: Claim) -> Call:
    attempt, task = claim.attempt, claim.task
    return Call(
        project=attempt.project,
        task=task,
        inputs=claim.inputs,
        files=ProjectFiles(Path(attempt.root)),
        effect_key=effects.group_key(attempt.run, task.key),
        timeout_s=float(task.timeout_s),
    )


async def _effects_done(parts: Parts, claim: Claim, value: Value) -> None:
    """Remember at once that it was done: a death from here on repeats nothing."""
    keys = effects.keys_of(claim.attempt.run, claim.task)
    if not keys or claim.attempt.simulated:
        return
    async with parts.database.transaction() as tx:
        digest = await keep_value(tx, parts, claim.attempt.project, value)
        await effects.done(tx, keys, digest, at=parts.clock.now())
    crashpoint("after_effect")


def _failed(claim: Claim, error: OrchestraError) -> Failed:
    if isinstance(error, StorageTrouble) and "cannot be written" not in error.user_text:
        raise error  # our own store, not the agent's file: nothing ended yet
    called = isinstance(error, AgentUnavailable | AgentRejected | AgentMisbehaved)
    return Failed(
        code=error.code,
        text=error.user_text,
        retryable=error.retryable,
        retry_after_s=error.retry_after_s if isinstance(error, AgentUnavailable) else None,
        usage=Usage(requests=int(called), cost_micro_usd=_unknown(claim) if called else 0),
    )


def _unknown(claim: Claim) -> int | None:
    """What a call cost that did not tell: nothing, if the plan says that it costs nothing."""
    return None if claim.attempt.reserved_micro_usd else 0
