"""What the bot is, where words and files go, and what time it is, in words."""

from collections.abc import Iterable

from bot.chat import Outgoing, say
from bot.language.catalogue import Locale
from bot.language.words import code, count, listed, untrusted
from bot.queries.about.here import Connected
from bot.queries.about.itself import Clock, DataFlow, Itself
from bot.render.schedules.calendar import date_text, weekdays
from memory.model.authority import CONSOLE


def self_message(_: Locale, me: Itself) -> Outgoing:
    """What answers, who made it, which model it uses, and what it costs."""
    what = _(
        "I'm Orchestra, a program and not a person: I plan work, and run it once somebody approves. I'm open source (Apache-2.0), made by the people who contribute to it."
    )
    number = _("This is version {version}.").format(version=me.version) if me.version else ""
    return say("\n".join((f"{what} {number}".strip(), _reads(_, me), _charges(_, me))))


def privacy_message(_: Locale, flow: DataFlow) -> Outgoing:
    """What leaves this machine, and to whom; what is seen, and how long it's kept."""
    lines = _leaves(_, flow) or [
        _(
            "No model or service outside this machine is connected, so nothing you say or keep here leaves it through me."
        )
    ]
    if flow.platform != CONSOLE:
        carried = _("Our messages themselves go through {platform}.")
        lines.append(carried.format(platform=untrusted(flow.platform.capitalize(), 40)))
    here = [agent for agent in (*flow.plans, *flow.works) if agent.local]
    if here:
        lines.append(_("At work on this machine: {agents}.").format(agents=_names(_, here)))
    files = count(_, flow.files, "{n} file now", "{n} files now")
    seen = _("I see the files in this project's folder {folder} ({files}), and no others.")
    lines.append(seen.format(folder=code(flow.folder), files=files))
    if flow.servers:
        servers = listed(_, map(code, flow.servers))
        allowed = _("The tool servers {servers} see what their own settings let them.")
        lines.append(allowed.format(servers=servers))
    lines.append(_kept(_, flow))
    return say("\n".join(lines))


def clock_message(_: Locale, clock: Clock) -> Outgoing:
    """The day and the time, and by whose clock."""
    at = clock.at
    told = _("It's {weekday}, {date} {year}, {time} in {zone}.").format(
        weekday=weekdays(_)[at.isoweekday() % 7],
        date=date_text(_, at.day, at.month),
        year=at.year,
        time=f"{at:%H:%M}",
        zone=clock.zone.replace("_", " "),
    )
    if clock.zone != "UTC" or clock.whose:
        return say(told)
    return say(f"{told} {_('For yours, say where you are, like `my time zone is Berlin`.')}")


def _reads(_: Locale, me: Itself) -> str:
    """Who reads and plans, and who works."""
    plans = (
        _("To read what you say and to draft plans I use {models}.").format(
            models=_names(_, me.plans)
        )
        if me.plans
        else _(
            "No language model is connected to me: I read and plan by rules and a small model of likeness on this machine."
        )
    )
    if not me.works:
        return plans
    works = _("Connected for the work itself: {agents}.").format(agents=_names(_, me.works))
    return f"{plans} {works}"


def _charges(_: Locale, me: Itself) -> str:
    outside = [agent for agent in (*me.plans, *me.works) if not agent.local]
    if not outside:
        return _("I'm free to use, and nothing that's connected here charges money.")
    return _(
        "I'm free to use; what {agents} may charge comes on top. Each plan says what it will cost before it runs, and `budget` shows the limits."
    ).format(agents=_names(_, outside))


def _leaves(_: Locale, flow: DataFlow) -> list[str]:
    """What is sent off this machine, and to whom."""
    plans = [agent for agent in flow.plans if not agent.local]
    works = [agent for agent in flow.works if not agent.local]
    lines = []
    if plans:
        told = _("What you say here is sent to {models}, to be understood and planned.")
        lines.append(told.format(models=_names(_, plans)))
    if works:
        given = _(
            "{agents} get the words and files that an approved plan gives them, and nothing else."
        )
        lines.append(given.format(agents=_names(_, works)))
    if flow.search:
        sent = _("Texts of this project are sent to {model}, so that they can be found.")
        lines.append(sent.format(model=code(flow.search)))
    return lines


def _kept(_: Locale, flow: DataFlow) -> str:
    kept = (
        _("I keep messages and results of finished runs for {n} days.").format(
            n=flow.retention_days
        )
        if flow.retention_days
        else _("I keep messages and results until somebody deletes them.")
    )
    learns = _(
        "From them I learn only which agent does what well in this project; I train no model on them."
    )
    return f"{kept} {learns}"


def _names(_: Locale, agents: Iterable[Connected]) -> str:
    names = dict.fromkeys(
        f"{untrusted(agent.title, 60)}{_(' (on this machine)') if agent.local else ''}"
        for agent in agents
    )
    return listed(_, names, most=8)
