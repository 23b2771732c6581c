"""Peer review inside an attempt: another agent reviews, the first one fixes, a bounded number of times.

What the reviewer says is data: it reaches the first agent quoted, and decides nothing but
whether another round is made.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

from executor.attempts import limits
from executor.attempts.outage_wait import until_stored
from executor.parts import Parts
from executor.policy.spending import total
from executor.port import Agent, Call, Reply
from memory.model.agents.spec import AgentSpec
from memory.model.base import AgentName
from memory.model.errors import AgentBusy, AgentMisbehaved, AgentRejected, AgentUnavailable
from memory.model.money import show_money
from memory.model.text import text
from memory.model.work.check import Review
from memory.model.work.graph import Task
from memory.model.work.run import Reviewed, Usage, Used
from memory.model.work.value import Text, Value
from memory.store.running.attempts import Attempt

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
    reviewed: Reviewed | None = None
    """What the reviewer made of the result."""

    @property
    def cached(self) -> bool:
        """Whether what it is known to have said comes from earlier calls alone."""
        return self.own is not None and not self.called

    def add(self, agent: AgentName, usage: Usage) -> None:
        """Count one more call."""
        self.by_agent[agent] = total(self.by_agent.get(agent, Usage()), usage)

    async def counted(self, agent: Agent, call: Call) -> Reply:
        """One call of the agent, counted even where it fails."""
        name = agent.spec.name
        try:
            reply = await agent.run(call)
        except BaseException:
            used = call.meter.take()
            if used is not None:
                self.add(name, used)
            raise
        call.meter.take()  # the reply tells it, too
        self.add(name, reply.usage)
        return reply

    def save(self, cost_micro_usd: int) -> None:
        """Count a call that was not made, since the same was made before."""
        self.note = text("the same was asked before")
        if cost_micro_usd:
            saved = show_money(cost_micro_usd)
            self.note = text("the same was asked before, saved {money}", money=saved)

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
        raise AgentRejected("There's no agent {agent} here to review it.", agent=review.agent)
    for done in range(review.rounds):
        look = _look(review, call, value)
        spent.in_review = True
        reply = await _asked(parts, attempt, reviewer, look, spent)
        comments = _comments(reviewer, reply)
        spent.in_review = False
        spent.reviewed = Reviewed(agent=review.agent, approved=not comments, rounds=done)
        if not comments:
            return value, _approved(reviewer.spec.title, done)
        complaint = f"{comments}\n\nThis is about the result before:\n\n{_words(value)}"
        value = await work(replace(call, complaint=complaint))
    return value, _changed(reviewer.spec.title, review.rounds, comments)


def _approved(title: str, rounds: int) -> str:
    match rounds:
        case 0:
            return text("{title} approved it", title=title)
        case 1:
            return text("{title} approved it after 1 round of changes", title=title)
        case _:
            return text("{title} approved it after {n} rounds of changes", title=title, n=rounds)


def _changed(title: str, rounds: int, comments: str) -> str:
    last = " ".join(comments.split())[:NOTE_CHARS]
    if rounds == 1:
        return text(
            "changed after 1 round of review and not reviewed again; {title} last said: {last}",
            title=title,
            last=last,
        )
    return text(
        "changed after {n} rounds of review and not reviewed again; {title} last said: {last}",
        n=rounds,
        title=title,
        last=last,
    )


def planned(task: Task, title: str) -> str:
    """What a dry run says of the review."""
    review = task.review
    if review is None:
        return ""
    if review.rounds == 1:
        return text("{title} would review it once", title=title)
    return text("{title} would review it, at most {n} rounds", title=title, n=review.rounds)


def reviewers(parts: Parts, task: Task) -> tuple[AgentSpec, ...]:
    """Who else is asked, and spends, before the task is done."""
    reviewer = parts.agents.get(task.review.agent) if task.review else None
    return (reviewer.spec,) if reviewer else ()


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


async def _asked(
    parts: Parts, attempt: Attempt, reviewer: Agent, look: Call, spent: Spent
) -> Reply:
    """One call of the reviewer, under its own limits and on record as everything that is done."""
    spec = reviewer.spec
    ends = asyncio.get_running_loop().time() + look.task.timeout_s
    try:
        async with asyncio.timeout_at(ends):
            await until_stored(
                parts, attempt.id, partial(limits.await_minute, parts, attempt, spec)
            )
    except TimeoutError as error:
        raise AgentBusy(
            "{title} is at its limit and didn't start the review within {timeout_s} s.",
            title=spec.title,
            timeout_s=look.task.timeout_s,
        ) from error
    await until_stored(parts, attempt.id, partial(_record, parts, attempt, spec))
    try:
        async with asyncio.timeout_at(ends):
            reply = await spent.counted(reviewer, look)
    except TimeoutError as error:
        raise AgentUnavailable(
            "{title} didn't review it within {timeout_s} s.",
            title=spec.title,
            timeout_s=look.task.timeout_s,
        ) from error
    counted = partial(limits.used_within, parts, attempt, spec, reply.usage)
    await until_stored(parts, attempt.id, counted)
    return reply


async def _record(parts: Parts, attempt: Attempt, spec: AgentSpec) -> None:
    async with parts.database.transaction() as tx:
        await parts.record(
            tx, attempt.project, "review.asked", attempt.id, ids={"agent": spec.name}
        )


def _comments(reviewer: Agent, reply: Reply) -> str:
    """What the reviewer wants changed; "" where it wants nothing."""
    review = _words(reply.value).strip()
    if not review:
        raise AgentMisbehaved("{title} returned an empty review.", title=reviewer.spec.title)
    return "" if _is_ok(review) else review[:COMMENTS_CHARS]


def _is_ok(review: str) -> bool:
    """Whether it is the word alone; anything else is a comment."""
    return review.strip("*_`#\"'“”.! \n").casefold() in {"ok", "okay"}


def _words(value: Value) -> str:
    return value.text if isinstance(value, Text) else json.dumps(value.model_dump(mode="json"))
