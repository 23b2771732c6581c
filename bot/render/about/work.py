"""What waits for whom, what was done, and why it is as it is, in words."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat import Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import count, duration, listed, packed, untrusted
from bot.queries.about.why import Candidate, WhyAgent, WhyFailed, WhyPlan
from bot.queries.about.work import DoneRun, Waiting, Work
from bot.render.about.money import span_text
from bot.render.states import run_state
from memory.model.money import show_money

SHOWN = 10


def waiting_message(_: Locale, waits: Sequence[Waiting], *, now: datetime) -> Outgoing:
    """What waits, for whom and since when; what waits for the reader first."""
    if not waits:
        return say(_("Nothing is waiting for anybody in this project."))
    yours = [wait for wait in waits if wait.yours]
    others = [wait for wait in waits if not wait.yours]
    lines = [
        *_group(_, _("**Waiting for you, or for anyone**"), yours, now),
        *_group(_, _("**Waiting for others**"), others, now),
    ]
    left = len(yours[SHOWN:]) + len(others[SHOWN:])
    if left:
        lines.append(_("- and {count} more").format(count=left))
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def _group(_: Locale, heading: str, waits: Sequence[Waiting], now: datetime) -> list[str]:
    return [heading, *(_wait(_, wait, now) for wait in waits[:SHOWN])] if waits else []


def done_message(_: Locale, work: Work) -> Outgoing:
    """How many runs in the time, how they ended, what they cost, and the newest of them."""
    when = span_text(_, work.span)
    by = _(" for {person}").format(person=untrusted(work.person, 60)) if work.person else ""
    if not work.total:
        return say(_("Nothing was run {when}{by}.").format(when=when, by=by))
    states = listed(_, (f"{number} {run_state(_, state)}" for state, number in work.counts.items()))
    head = _("**{runs}** {when}{by}: {states}; {cost} in all.").format(
        runs=count(_, work.total, "{n} run", "{n} runs"),
        when=when,
        by=by,
        states=states,
        cost=show_money(work.cost_micro_usd),
    )
    lines = [head, *(_run(_, run) for run in work.runs)]
    left = work.total - len(work.runs)
    if left > 0:
        lines.append(_("- and {count} more").format(count=left))
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def why_failed_message(_: Locale, why: WhyFailed | None) -> Outgoing:
    """Which tasks failed, by whom, how often they were tried, and what was said."""
    if why is None:
        return say(_("No run has failed here."))
    lines = [_("**{title}** failed.").format(title=untrusted(why.title))]
    if why.problem:
        lines[0] += f" {untrusted(why.problem, 300)}"
    for task in why.tasks:
        tried = count(_, task.tried, "tried once", "tried {n} times")
        lines.append(
            f"- {untrusted(task.task, 80)} · {untrusted(task.agent, 60)} · {tried}: {untrusted(task.reason, 300)}"
        )
    if why.skipped:
        lines.append(
            count(
                _,
                why.skipped,
                "{n} task was skipped because of it.",
                "{n} tasks were skipped because of it.",
            )
        )
    lines.append(_("To try again what failed, say `retry`."))
    return say("\n".join(lines))


def why_plan_message(_: Locale, why: WhyPlan | None) -> Outgoing:
    """Each task's agent with its reason and everyone's record, and what the plan takes for granted."""
    if why is None:
        return say(_("There's no plan in this thread to explain. Say what you want done."))
    lines = [
        _("**{title}**, drawn up by {author}.").format(
            title=untrusted(why.title), author=untrusted(why.author, 60)
        )
    ]
    lines += [
        _("{agent} does nothing in it.").format(agent=untrusted(agent, 60)) for agent in why.unused
    ]
    for task in why.tasks:
        lines += _why(_, task)
    if why.assumptions:
        lines.append(_("It takes this for granted:"))
        lines += [f"- {untrusted(assumption, 300)}" for assumption in why.assumptions[:SHOWN]]
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def _wait(_: Locale, wait: Waiting, now: datetime) -> str:
    what = (
        _("plan `{plan}` “{title}” waits for approval").format(
            plan=wait.plan, title=untrusted(wait.text, 80)
        )
        if wait.plan
        else _("a question waits for an answer: {text}").format(text=untrusted(wait.text, 120))
    )
    age = _("for {time}").format(time=duration(_, (now - wait.since).total_seconds()))
    who = _("by {names}").format(names=listed(_, (untrusted(name, 40) for name in wait.who)))
    return f"- {what}{f' {who}' if wait.who else ''}, {age}"


def _run(_: Locale, run: DoneRun) -> str:
    parts = [
        f"- {untrusted(run.title, 80)}",
        run_state(_, run.state),
        show_money(run.cost_micro_usd),
    ]
    if run.seconds is not None:
        parts.append(duration(_, run.seconds))
    if run.problem:
        parts.append(untrusted(run.problem, 120))
    return " · ".join(parts)


def _why(_: Locale, task: WhyAgent) -> list[str]:
    reason = (
        untrusted(task.reason, 200)
        if task.reason
        else _("it's the tool for “{type}”").format(type=untrusted(task.task_type, 40))
    )
    head = f"{task.number}. **{untrusted(task.task, 80)}** · {untrusted(task.agent, 60)}: {reason}"
    if task.after:
        head += " · " + _("after {tasks}").format(
            tasks=listed(_, (untrusted(name, 60) for name in task.after))
        )
    about = [_counted_as(_, task), *(_stood(_, other) for other in task.candidates)]
    return [head, *(f"   - {line}" for line in about if task.candidates or task.work)]


def _counted_as(_: Locale, task: WhyAgent) -> str:
    """The type of work on which the agents were compared, and how it was told."""
    if task.work is None:
        return _("Type of work: “{type}”, by the request's wording").format(
            type=untrusted(task.task_type, 40)
        )
    return _("Type of work: “{type}”, {share} sure, from {n} such tasks here").format(
        type=untrusted(task.work.name, 40), share=f"{100 * task.work.share:.0f} %", n=task.work.of
    )


def _stood(_: Locale, candidate: Candidate) -> str:
    """An agent's numbers as they were when the choice was made."""
    stood = candidate.stood
    parts = [_("{share} expected").format(share=f"{stood.quality:.2f}")]
    if stood.samples:
        parts.append(count(_, stood.samples, "{n} task then", "{n} tasks then"))
    else:
        parts.append(_("no history then"))
    if stood.cost_micro_usd:
        parts.append(show_money(stood.cost_micro_usd))
    return f"{untrusted(candidate.agent, 60)}: {', '.join(parts)}"
