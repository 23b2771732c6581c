"""What is said about decisions on a plan: what it still needs, what was decided, what may stop it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final

from bot.actions.plans.shown import Sight
from bot.language.catalogue import Locale
from bot.language.emoji import DROP
from bot.language.words import listed, untrusted
from bot.queries.plans.approval import Given, Need, Needs
from bot.queries.plans.material import Known
from bot.queries.plans.obstacles import Obstacles
from bot.queries.plans.scheduled_runs import ScheduledRun
from bot.render.schedules.message import moment, next_times, when_words
from memory.model.identity import Identity, ThreadRef, account
from memory.model.money import show_money
from memory.model.timing.schedule import At
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.model.work.run import RunState

MOST_CALLED: Final = 10


def called(person: Identity) -> str:
    """What the person is called in a sentence."""
    return untrusted(person.display or person.user_id, 60)


def needs_words(_: Locale, needs: Needs | None) -> str:
    """Who has to approve the plan, "" when anybody's approval will do."""
    if needs is None:
        return ""
    if needs.own:
        return _("you; you're alone here, so you may approve your own plan")
    return "; ".join(_need_words(_, need) for need in needs.each)


def mentions(thread: ThreadRef, keys: Iterable[str]) -> str:
    """Mentions of the people who are on the thread's platform, so that their phones ring."""
    there = {"platform": thread.platform, "workspace": thread.workspace}
    near = dict.fromkeys(
        person.user_id
        for person in map(Identity.of, keys)
        if account(person.key) == account(person.model_copy(update=there).key)
    )
    return " ".join(f"<@{user}>" for user in [*near][:MOST_CALLED])


def _need_words(_: Locale, need: Need) -> str:
    count = _.ngettext("{n} approver", "{n} approvers", need.missing)
    if need.given:
        count = _.ngettext(
            "{n} more approver ({given} of {quorum})",
            "{n} more approvers ({given} of {quorum})",
            need.missing,
        )
    count = count.format(n=need.missing, given=need.given, quorum=need.quorum)
    if need.rule:
        count = _("{count} by policy {rule}").format(count=count, rule=need.rule)
    if need.able:
        return _("{count}: {names}").format(count=count, names=listed(_, need.able))
    if need.rule:
        return _("{count}; nobody here can approve it, but the owner can change the policy").format(
            count=count
        )
    return _(
        "{count}; nobody here can approve yet, but the owner can say `make @name approver`"
    ).format(count=count)


def approved_words(
    _: Locale,
    by: Identity,
    schedule: StoredSchedule | None,
    *,
    own: bool,
    now: datetime,
    tz: tzinfo,
) -> str:
    """Who approved the plan, when, and when it runs. `own`: their own high-risk plan, being alone."""
    if own:
        who = _("Approved by {name} · {time} (your own plan: you're alone here).")
    else:
        who = _("Approved by {name} · {time}.")
    who = who.format(name=called(by), time=clock_time(now, tz))
    return f"{who} {_scheduled(_, schedule, now) if schedule else _('Starting.')}"


def unseen_words(_: Locale, sight: Sight) -> str:
    """Why words on a plan count for nothing: it wasn't there to be read."""
    match sight:
        case Sight.COMING:
            return _("The plan is just being shown; decide once it's here.")
        case Sight.NOWHERE:
            return _("That plan isn't shown here, so nobody can have read it; say `plan again`.")
        case _:
            return _("You said that before this plan was shown; take a look, then say it again.")


def unasked_words(_: Locale, numbers: Sequence[int]) -> str:
    """That a plan starts by itself, and the rules that let it."""
    text = _.ngettext(
        "Nobody has to approve this, by policy {numbers}. Starting.",
        "Nobody has to approve this, by policies {numbers}. Starting.",
        len(numbers),
    )
    return text.format(numbers=", ".join(map(str, numbers)))


def dropped_words(_: Locale, by: Identity) -> str:
    """What a dropped plan's message says."""
    return _("{emoji} Dropped by {name}.").format(emoji=DROP, name=called(by))


def refused_words(_: Locale, paused: StoredSchedule | None, *, again: bool = False) -> str:
    """What dropping the plan means: another one is made, or the schedule is paused by it."""
    if again:
        return _("Dropped; nothing was done. I'm planning it again with that in mind.")
    if paused is None:
        return _("Dropped; nothing was done. Say what you want instead.")
    return _(
        "Dropped, and schedule {n} is paused. Say `resume schedule {n}` to have it check again next "
        "time, or `delete schedule {n}` to end it."
    ).format(n=paused.number)


def run_heading(_: Locale, run: ScheduledRun) -> str:
    """`Schedule 2, due Tue 3 Mar 09:00; next: Wed 4 Mar 09:00`."""
    schedule = run.schedule
    due = moment(_, run.firing.firing.due_at, schedule.schedule.tz)
    if schedule.state is not ScheduleState.ACTIVE or schedule.next_due is None:
        return _("Schedule {n}, due {due}").format(n=schedule.number, due=due)
    following = moment(_, schedule.next_due, schedule.schedule.tz)
    return _("Schedule {n}, due {due}; next: {next}").format(
        n=schedule.number, due=due, next=following
    )


def clock_time(at: datetime, tz: tzinfo) -> str:
    """`14:02 CET`."""
    return f"{at.astimezone(tz):%H:%M %Z}"


def ended_words(_: Locale, given: Given, state: RunState, tz: tzinfo) -> str:
    """`Approved by bo and kim · 14:02 CET. Done; the result is below.`, in a plan's message."""
    ending = _("Cancelled.")
    if state is RunState.SUCCEEDED:
        ending = _("Done; the result is below.")
    elif state is RunState.FAILED:
        ending = _("It failed; the reason is below.")
    if given.last is None:
        return ending
    names = listed(_, (untrusted(name, 60) for name in given.names))
    time = clock_time(given.last, tz)
    return _("Approved by {names} · {time}. {ending}").format(names=names, time=time, ending=ending)


def obstacle_words(_: Locale, found: Obstacles) -> tuple[str, ...]:
    """Sentences about agents, money and approval, the worst first; none where all is well."""
    return tuple(_obstacles(_, found))


def known_words(known: Sequence[Known]) -> list[str]:
    """What the agents are known for, a line for each task that another one would do."""
    return [
        f"{task.number} {untrusted(task.title, 60)} — "
        + " · ".join(f"{untrusted(agent, 40)}: {why}" for agent, why in task.reasons.items())
        for task in known
    ]


def _obstacles(_: Locale, found: Obstacles) -> Iterable[str]:
    if found.gone:
        yield _("{agents} can't be reached here any more.").format(agents=_names(_, found.gone))
    if found.failing:
        yield _("{agents} failed lately and won't be asked for now.").format(
            agents=_names(_, found.failing)
        )
    for budget in found.short:
        yield _("Budget “{name}” has {left} left; this may cost {cost}.").format(
            name=untrusted(budget.name, 60),
            left=show_money(budget.left_micro_usd),
            cost=show_money(found.cost_micro_usd),
        )
    if found.unpriced:
        yield _(
            "The price of {agents} isn't known, so it may cost more than forecast; budgets count a "
            "dear price for it."
        ).format(agents=_names(_, found.unpriced))
    if found.needs:
        yield _("It waits for approval: {needs}.").format(needs=needs_words(_, found.needs))


def _names(_: Locale, names: Sequence[str]) -> str:
    return listed(_, (untrusted(name, 60) for name in names))


def _scheduled(_: Locale, schedule: StoredSchedule, now: datetime) -> str:
    words = _("It is schedule {n} and runs {when}.").format(
        n=schedule.number, when=when_words(_, schedule.schedule)
    )
    when = schedule.schedule.when
    if not isinstance(when, At):
        times = next_times(_, schedule.schedule, now)
        return _("{words} Next: {times}.").format(words=words, times=times)
    return (
        words
        if when.due > now
        else _("{words} That time has passed, so it runs now.").format(words=words)
    )
