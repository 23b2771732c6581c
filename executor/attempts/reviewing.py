"""Peer review inside an attempt: another agent looks, the first one mends, a bounded number of times.

What the reviewer says is data: it reaches the first agent quoted, and decides nothing but
whether another round is made.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

from executor.agents.port import Agent, Call, Reply
from executor.attempts import limits
from executor.parts import Parts
from executor.worker.outage_wait import patiently
from memory.model.agents.spec import AgentSpec
from memory.model.base import AgentName
from memory.model.errors import AgentBusy, AgentMisbehaved, AgentRejected, AgentUnavailable
from memory.model.money import show_money
from memory.model.work.check import Review
from memory.model.work.graph import Task
from memory.model.work.run import Usage, Used
from memory.model.work.value import Text, Value
from memory.store.running.attempts import Attempt
from memory.store.traffic import audit

COMMENTS_CHARS = 8_000
NOTE_CHARS = 300

ASKS = """\
Look at the result of another task, quoted as data, and say whether it may go out. The task was \
quoted, too. Look at it for: {criteria}.
Answer with OK alone where nothing has to be changed. Otherwise answer with a numbered list of \
what has to be changed and how, and with nothing else."""

Work = Callable[[Call], Awaitable[Value]]


@dataclass
class Spent:
    """What the calls of one attempt used, by agent."""

    worker: AgentName
    by_agent: dict[AgentName, Usage] = field(default_factory=dict)
    note: str = ""
    called: bool = False
    """Whether the agent of the task was asked at all."""
    in_review: bool = False
    """Whether it is another agent that works now."""

    @property
    def cached(self) -> bool:
        """Whether what it is known to have said comes from earlier calls alone."""
        return self.own is not None and not self.called

    def add(self, agent: AgentName, usage: Usage) -> None:
        """Count one more call."""
        self.by_agent[agent] = together(self.by_agent.get(agent, Usage()), usage)

    def save(self, cost_micro_usd: int) -> None:
        """Count a call that was not made, since the same was made before."""
        worth = f", saved {show_money(cost_micro_usd)}" if cost_micro_usd else ""
        self.note = f"the same was asked before{worth}"

    @property
    def own(self) -> Usage | None:
        """What the agent of the task used; None where it gave nothing back."""
        return self.by_agent.get(self.worker)

    @property
    def others(self) -> tuple[Used, ...]:
        """What the others used."""
        return tuple(
            Used(agent=agent, usage=usage)
            for agent, usage in self.by_agent.items()
            if agent != self.worker
        )


def together(one: Usage, other: Usage) -> Usage:
    """Both; a price that is not known makes the sum unknown."""
    known = one.cost_micro_usd is not None and other.cost_micro_usd is not None
    return Usage(
        tokens_in=one.tokens_in + other.tokens_in,
        tokens_out=one.tokens_out + other.tokens_out,
        requests=one.requests + other.requests,
        cost_micro_usd=(one.cost_micro_usd or 0) + (other.cost_micro_usd or 0) if known else None,
    )


async def reviewed(
    parts: Parts, attempt: Attempt, call: Call, value: Value, work: Work, spent: Spent
) -> tuple[Value, str]:
    """The value after its rounds, and a note on what came of them.

    Raises what the agents raise; a reviewer that is not there is AgentRejected.
    """
    review = call.task.review
    if review is None:
        return value, ""
    reviewer = parts.agents.get(review.agent)
    if reviewer is None:
        raise AgentRejected("There is no agent {agent} here to review it.", agent=review.agent)
    for done in range(review.rounds):
        look = _look(review, call, value)
        spent.in_review = True
        reply = await _asked(parts, attempt, reviewer, look)
        spent.add(review.agent, reply.usage)
        comments = _comments(reviewer, reply)
        spent.in_review = False
        if not comments:
            after = f" after {done} round{'s' * (done > 1)} of changes" if done else ""
            return value, f"{reviewer.spec.title} found it good{after}"
        complaint = f"{comments}\n\nThis is about the result before:\n\n{_said(value)}"
        value = await work(replace(call, complaint=complaint))
    left = " ".join(comments.split())[:NOTE_CHARS]
    return value, (
        f"changed after {review.rounds} round{'s' * (review.rounds > 1)} of review and not looked "
        f"at again; {reviewer.spec.title} said last: {left}"
    )


def planned(task: Task, title: str) -> str:
    """What a dry run says of the review."""
    review = task.review
    if review is None:
        return ""
    return f"{title} would review it, at most {review.rounds} round{'s' * (review.rounds > 1)}"


def reviewers(parts: Parts, task: Task) -> tuple[AgentSpec, ...]:
    """Who else is asked, and spends, before the task is done."""
    found = parts.agents.get(task.review.agent) if task.review else None
    return (found.spec,) if found else ()


def _look(review: Review, call: Call, value: Value) -> Call:
    task = Task(
        key=call.task.key,
        title=f"Review: {call.task.title}"[:200],
        type="review",
        agent=review.agent,
        instruction=ASKS.format(criteria=review.criteria or "whether it does what the task asks"),
        timeout_s=call.task.timeout_s,
    )
    asked = Text(text=f"The task: {call.task.instruction or call.task.title}")
    return replace(call, task=task, inputs={"context": [asked, value]}, complaint="")


async def _asked(parts: Parts, attempt: Attempt, reviewer: Agent, look: Call) -> Reply:
    """One call of the reviewer, under its own limits and on record as everything that is done."""
    spec = reviewer.spec
    ends = asyncio.get_running_loop().time() + look.task.timeout_s
    try:
        async with asyncio.timeout_at(ends):
            await patiently(parts, attempt.id, partial(limits.await_minute, parts, attempt, spec))
    except TimeoutError as error:
        raise AgentBusy(
            "{title} is at its limit and did not come to its review within {timeout_s} s.",
            title=spec.title,
            timeout_s=look.task.timeout_s,
        ) from error
    await patiently(parts, attempt.id, partial(_record, parts, attempt, spec))
    try:
        async with asyncio.timeout_at(ends):
            reply = await reviewer.run(look)
    except TimeoutError as error:
        raise AgentUnavailable(
            "{title} did not review it within {timeout_s} s.",
            title=spec.title,
            timeout_s=look.task.timeout_s,
        ) from error
    counted = partial(limits.used_within, parts, attempt, spec, reply.usage)
    await patiently(parts, attempt.id, counted)
    return reply


async def _record(parts: Parts, attempt: Attempt, spec: AgentSpec) -> None:
    async with parts.database.transaction() as tx:
        await audit.record(
            tx,
            attempt.project,
            actor="system",
            action="review.asked",
            on=attempt.id,
            at=parts.clock.now(),
            ids={"agent": spec.name},
        )


def _comments(reviewer: Agent, reply: Reply) -> str:
    """What the reviewer wants changed; "" where it wants nothing."""
    said = _said(reply.value).strip()
    if not said:
        raise AgentMisbehaved("{title} gave back an empty review.", title=reviewer.spec.title)
    return "" if _is_ok(said) else said[:COMMENTS_CHARS]


def _is_ok(said: str) -> bool:
    """Whether it is the word alone; whatever else it says is a comment."""
    return said.strip("*_`#\"'“”.! \n").casefold() in {"ok", "okay"}


def _said(value: Value) -> str:
    return value.text if isinstance(value, Text) else json.dumps(value.model_dump(mode="json"))
