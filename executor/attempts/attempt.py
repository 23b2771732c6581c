"""One attempt at one task: claim it, let the agent work, complete it."""

import asyncio
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import structlog

from executor import handles, hooks
from executor.attempts import (
    caching,
    checks,
    fencing,
    limits,
    reviewing,
)
from executor.attempts import claim as claiming
from executor.attempts.allowances.money import Allowance
from executor.attempts.allowances.time import OutOfTime, WorkingTime
from executor.attempts.claim import Claim, Suspect
from executor.attempts.complete import advance, keep_value
from executor.attempts.fencing import LeaseLost
from executor.attempts.outage_wait import until_stored
from executor.attempts.reviewing import Spent
from executor.attempts.settle import Ending, account
from executor.egress.files import FileTrouble, ProjectFiles
from executor.meter import Meter
from executor.parts import Parts
from executor.policy import screening
from executor.policy.literals import require_literals
from executor.port import Call
from executor.runs import inputs
from executor.versions import git as versions
from executor.versions.watch import Watch
from memory.model.agents.spec import EffectClass
from memory.model.crash import crashpoint, declare
from memory.model.errors import (
    AgentMisbehaved,
    AgentRejected,
    AgentUnavailable,
    OrchestraError,
    OutOfMoney,
    StorageTrouble,
)
from memory.model.text import text
from memory.model.work.graph import Task
from memory.model.work.run import Failed, Held, Outcome, Succeeded, Usage
from memory.model.work.value import Value
from memory.store.running import attempts, effects, review_notes

declare("before_effect", "after_agent", "after_effect")

log = structlog.get_logger(__name__)


async def work(parts: Parts, name: str) -> None:
    """Do the attempt; returns once its ending is stored, however long the disk is full."""
    await until_stored(parts, name, partial(perform, parts, name))


async def perform(parts: Parts, name: str) -> None:
    """The same, once. Raises StorageTrouble with nothing half-written."""
    async with parts.company.beside_others():
        claim = await claiming.claim(parts, name)
        if isinstance(claim, Claim):
            await _make(parts, claim)
    if isinstance(claim, Suspect):
        log.warning("made alone, for workers died as it was under way", attempt=name)
        async with parts.company.alone():
            claim = await claiming.claim(parts, name, alone=True)
            if isinstance(claim, Claim):
                await _make(parts, claim)


async def _make(parts: Parts, claim: Claim) -> None:
    began = time.monotonic()
    spent = Spent(claim.attempt.agent)
    allowance = Allowance(parts, claim.attempt, account(claim.attempt))
    working, short = WorkingTime(parts, claim.attempt), None
    try:
        outcome = await working.limit(_outcome(parts, claim, spent, allowance))
    except OutOfTime as error:
        short = error.short
        outcome = _held(spent, "budget", short.text, cut=True)
    except asyncio.CancelledError:
        if not parts.under_way.was_stopped(claim.attempt.id):
            raise  # the process ends; the attempt is claimed again at the next start
        outcome = _held(spent, "cancelled", "cancelled", cut=True)
    ending = Ending(
        replace(
            claim.attempt,
            reserved_micro_usd=allowance.reserved_micro_usd,
            holds=working.holds,
        ),
        claim.plan,
        claim.task,
        outcome,
        breaker=None if claim.agent is None or claim.attempt.simulated else claim.breaker,
        latency_ms=int((time.monotonic() - began) * 1000),
        idempotent=claim.agent is None or claim.agent.spec.idempotent,
        short=short or allowance.short,
    )
    await until_stored(parts, claim.attempt.id, partial(advance, parts, ending))
    await limits.after(parts, claim.attempt)


async def _outcome(parts: Parts, claim: Claim, spent: Spent, meter: Meter) -> Outcome:
    done = await _done_before(parts, claim)
    if done is not None:
        return done
    assert claim.agent is not None
    try:
        return await _succeeded(parts, claim, spent, meter)
    except OutOfMoney as error:
        return _held(spent, "budget", error.user_text)
    except TimeoutError:
        return Failed(
            code="timeout",
            text=text(
                "{title} took longer than {timeout_s} s.",
                title=claim.agent.spec.title,
                timeout_s=claim.task.timeout_s,
            ),
            retryable=True,
            usage=spent.own or Usage(requests=1, cost_micro_usd=_unknown(claim)),
            others=spent.others,
        )
    except OrchestraError as error:
        return _failed(claim, error, spent)
    except Exception:  # the worker's edge: one agent's bug must not stop the others
        log.exception("an agent broke", agent=claim.attempt.agent, attempt=claim.attempt.id)
        reason = text("{title} crashed. The log has the reason.", title=claim.agent.spec.title)
        failed = _gone_wrong(claim, "internal", reason, retryable=True)
        return failed.model_copy(
            update={"usage": spent.own or failed.usage, "others": spent.others}
        )


def _held(
    spent: Spent, reason: Literal["cancelled", "budget"], words: str, *, cut: bool = False
) -> Held:
    """`cut`: in the middle of a call, of which nobody knows what it cost."""
    usage = spent.own or (Usage(cost_micro_usd=None) if cut else Usage())
    return Held(reason=reason, text=words, usage=usage, others=spent.others)


def _gone_wrong(claim: Claim, code: str, reason: str, *, retryable: bool = False) -> Failed:
    usage = Usage(cost_micro_usd=_unknown(claim))
    return Failed(code=code, text=reason, retryable=retryable, usage=usage)


async def _succeeded(parts: Parts, claim: Claim, spent: Spent, meter: Meter) -> Succeeded:
    assert claim.agent is not None
    require_literals(claim.task, claim.agent.spec)
    watch = _watch(parts, claim)
    call = replace(await _call(parts, claim, watch), meter=meter)
    crashpoint("before_effect")
    with parts.under_way.holding(claim.attempt.id, claim.attempt.run):
        value, note = await _done(parts, claim, call, spent)
    crashpoint("after_agent")
    await _keep_version(claim, "after")
    await until_stored(parts, claim.attempt.id, partial(_effects_done, parts, claim, value))
    return Succeeded(
        value=value,
        usage=spent.own or Usage(),
        others=spent.others,
        note="; ".join(filter(None, (note or spent.note, watch.note))),
        cached=spent.cached,
        reviewed=spent.reviewed,
    )


async def _done(parts: Parts, claim: Claim, call: Call, spent: Spent) -> tuple[Value, str]:
    """The agent's work after its checks and reviews, and a note on those."""
    value = await _work(parts, claim, spent, call)
    if not claim.attempt.simulated:
        work = partial(_work, parts, claim, spent)
        return await reviewing.reviewed(parts, claim.attempt, call, value, work, spent)
    if claim.task.review is None:
        return value, ""
    return value, reviewing.planned(claim.task, parts.title_of(claim.task.review.agent))


async def _work(parts: Parts, claim: Claim, spent: Spent, call: Call) -> Value:
    """One call of the task's agent."""
    assert claim.agent is not None
    async with asyncio.timeout(claim.task.timeout_s):
        if claim.changes_something:
            redact = parts.hooks.redact
            await asyncio.to_thread(checks.before_publishing, claim.task, call, redact=redact)
            await fencing.before_effect(parts, claim.attempt)
            await _keep_version(claim, "before")
        same = caching.key(parts, claim.attempt, claim.agent, call)
        known = await caching.answered(parts, claim.attempt, same)
        spent.called = spent.called or not known
        reply = known[0] if known else await spent.counted(claim.agent, call)
    if known:
        spent.add(claim.attempt.agent, reply.usage)
    value = screening.screened(reply.value, claim.agent.spec)
    if not claim.attempt.simulated:
        await _check(parts, claim, call, value)
    value = await asyncio.to_thread(screening.without_secrets, value, parts.hooks.redact)
    if known:
        spent.save(known[1])
    else:
        await caching.keep(parts, claim.attempt, same, value, reply.usage)
    return value


async def _done_before(parts: Parts, claim: Claim) -> Outcome | None:
    """The ending of an attempt that nobody can make, or that must not repeat a dead one's work."""
    rows = claim.effects
    if rows and all(row.state == "done" for row in rows):
        async with parts.database.reading() as connection:
            value = await inputs.value(connection, claim.attempt.project, rows[0].digest)
        return Succeeded(value=value, usage=Usage(cost_micro_usd=_unknown(claim)))
    if claim.attempt.deaths >= claiming.DEATHS:
        reason = text("The worker died three times while doing this, so it isn't tried again.")
        return _gone_wrong(claim, "crashed", reason)
    once = claim.agent is not None and not claim.agent.spec.idempotent
    if rows and once and not claim.attempt.simulated:
        return _in_doubt(claim)
    if claim.agent is None:
        reason = text("There's no agent {agent} here any more.", agent=claim.attempt.agent)
        return Failed(code="no_agent", text=reason, retryable=False)
    return None


def _in_doubt(claim: Claim) -> Outcome:
    """The ending where nobody knows whether the effects took place."""
    reason = text(
        "We don't know whether {targets} was changed before the worker stopped. Look there, "
        "then ask again.",
        targets=", ".join(effect.target for effect in claim.effects),
    )
    return _gone_wrong(claim, "unknown_effect", reason)


async def _check(parts: Parts, claim: Claim, call: Call, value: Value) -> None:
    assert claim.agent is not None
    spec = claim.agent.spec
    await asyncio.to_thread(checks.checked, value, claim.task, spec, redact=parts.hooks.redact)
    await hooks.by_programs(parts.hooks, value, claim.task, spec, call)


def _watch(parts: Parts, claim: Claim) -> Watch:
    """Keeps what a program changes in a git repository."""
    attempt, since = claim.attempt, parts.clock.now()
    mine = effects.keys_of(attempt.run, claim.task)

    async def others() -> frozenset[str]:
        async with parts.database.reading() as connection:
            return await effects.written_since(connection, attempt.project, since, but=mine)

    return Watch(Path(attempt.root), attempt.run, claim.task.title, others)


async def _call(parts: Parts, claim: Claim, watch: Watch) -> Call:
    attempt, task = claim.attempt, claim.task
    complaint = ""
    if attempt.number > 1 and not attempt.simulated:
        async with parts.database.reading() as connection:
            complaint = await review_notes.last(
                connection, attempt.run, attempt.task, before=attempt.number
            )
    return Call(
        project=attempt.project,
        task=task,
        inputs=claim.inputs,
        files=ProjectFiles(
            Path(attempt.root), check=partial(fencing.check, parts), settings=_settings(task)
        ),
        effect_key=effects.group_key(attempt.run, task.key),
        timeout_s=float(task.timeout_s),
        complaint=complaint,
        watched=watch,
        fill=partial(handles.fill, parts, attempt),
        say=(lambda _: None) if attempt.simulated else partial(parts.voices.hear, attempt),
    )


def _settings(task: Task) -> frozenset[str]:
    """The files that configure things which the approved plan lets the task write."""
    return frozenset(
        effect.target
        for effect in task.effects
        if effect.effect in {EffectClass.CONFIGURE, EffectClass.PUBLISH}
    )


async def _keep_version(claim: Claim, kind: Literal["before", "after"]) -> None:
    """Where the project is a git repository, commit what the task was to write."""
    if claim.changes_something:
        run, subject = claim.attempt.run, f"{kind.capitalize()}: {claim.task.title}"
        await versions.keep(
            Path(claim.attempt.root), run, kind, subject, versions.paths(claim.task)
        )


async def _effects_done(parts: Parts, claim: Claim, value: Value) -> None:
    """Remember at once that it was done, so that a crash from here on repeats nothing."""
    keys = effects.keys_of(claim.attempt.run, claim.task)
    if not keys or claim.attempt.simulated:
        return
    async with parts.database.transaction() as tx:
        if not await attempts.is_with(tx, claim.attempt.id, parts.engine.worker):
            raise LeaseLost
        digest = await keep_value(tx, parts, claim.attempt.project, value)
        await effects.done(tx, keys, digest, at=parts.clock.now())
    crashpoint("after_effect")


def _failed(claim: Claim, error: OrchestraError, spent: Spent) -> Failed:
    if isinstance(error, StorageTrouble) and not isinstance(error, FileTrouble):
        raise error  # our own store, not the agent's file: nothing has ended yet
    called = isinstance(error, AgentUnavailable | AgentRejected | AgentMisbehaved)
    return Failed(
        code=error.code,
        text=error.user_text,
        retryable=error.retryable,
        retry_after_s=error.retry_after_s if isinstance(error, AgentUnavailable) else None,
        others=spent.others,
        not_its_own=spent.cached or spent.in_review,
        usage=spent.own
        or Usage(requests=int(called), cost_micro_usd=_unknown(claim) if called else 0),
    )


def _unknown(claim: Claim) -> int | None:
    """The cost of a call that didn't say: nothing, if the plan says it costs nothing."""
    return None if claim.attempt.reserved_micro_usd else 0
