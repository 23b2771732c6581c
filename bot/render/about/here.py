"""What is known, what this project is, what may happen in it, and what can be done, in words."""

from bot.chat import Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import code, listed, packed, untrusted
from bot.queries.about.here import Able, Connected, Effective, ProjectHere
from bot.queries.about.knowledge import Knowledge, Known
from bot.render.budgets import budget_report
from bot.render.schedules.calendar import date_text
from memory.model.authority import Right

TOOLS_SHOWN = 24


def knowledge_message(_: Locale, found: Knowledge) -> Outgoing:
    """What is known, each with its source and date."""
    topic = untrusted(found.topic, 60) if found.topic else ""
    if not found.known:
        text = (
            _("I know nothing about “{topic}” yet.").format(topic=topic)
            if topic
            else _("I know nothing about this project yet.")
        )
        more = _("Tell me with `remember that …`, or post a file.")
        return say(f"{text} {more}")
    head = (
        _("What I know about “{topic}”:").format(topic=topic)
        if topic
        else _("What I know here, the newest first:")
    )
    lines = [head, *(_known(_, known) for known in found.known)]
    if found.total > len(found.known):
        lines.append(_("- and {count} more").format(count=found.total - len(found.known)))
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def settings_message(_: Locale, here: Effective) -> Outgoing:
    """What may happen here: the reader's rights, then each setting with its value and source."""
    lines = [
        _("**Project {project}**: you are {role} here and may {rights}.").format(
            project=untrusted(here.project),
            role=here.role,
            rights=listed(_, _rights(_, here.rights), most=9),
        ),
    ]
    if here.stopped:
        lines.append(_("Work is stopped here; say `resume project` to let it go on."))
    lines.append(
        _(
            "Whatever changes or publishes something is done only in an approved plan. Approvals, budgets and roles are never decided by what I was taught."
        )
    )
    source = {
        "environment": _("from the environment"),
        "settings file": _("from {file}").format(file=here.file or "orchestra.toml"),
        "default": _("the default"),
    }
    lines += [
        f"- {code(known.name, 80)} = {untrusted(known.value, 80)} ({source[known.source]})"
        for known in here.settings
    ]
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def project_message(_: Locale, here: ProjectHere) -> Outgoing:
    """The project's name, folder, people, agents and budgets."""
    lines = [
        _("This is project **{name}**; its files are in the folder {folder}.").format(
            name=untrusted(here.name), folder=code(here.folder)
        )
    ]
    if here.channels:
        lines.append(
            _("It's set for {channels}.").format(channels=listed(_, map(code, here.channels)))
        )
    for role, names in here.people.items():
        people = listed(_, (untrusted(name, 40) for name in names), most=8)
        lines.append(_("- {role}: {people}").format(role=role, people=people))
    lines.append(_agents(_, here.connected))
    lines.append(budget_report(_, here.budgets).text)
    return say("\n".join(lines))


def able_message(_: Locale, able: Able) -> Outgoing:
    """What can be done with what is connected, with examples that work, and where to read on."""
    lines = [
        _(
            "Say what you want done; I ask about anything unclear, show a plan with its cost and effects, and do nothing until it's approved."
        ),
        _agents(_, able.connected),
    ]
    if able.work:
        work = listed(_, (untrusted(kind, 40) for kind in able.work), most=12)
        lines.append(
            _("They can: {work}. Try `write a post about tea, then have it reviewed`.").format(
                work=work
            )
        )
    if able.tools:
        tools = listed(_, (untrusted(name, 40) for name in able.tools), most=TOOLS_SHOWN)
        lines.append(
            _(
                "Tools: {tools}. Try `total the revenue in sales.csv by region and chart it`."
            ).format(tools=tools)
        )
    if able.servers:
        lines.append(
            _("Tool servers: {servers}.").format(servers=listed(_, map(code, able.servers)))
        )
    lines.append(
        _(
            "Ask me `what did it cost yesterday`, `who is best at drafts`, `what is waiting for me`; teach me with `remember that …`. All commands: `help`."
        )
    )
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def _known(_: Locale, known: Known) -> str:
    at = date_text(_, known.at.day, known.at.month)
    source = {
        "fact": _("told by {source}"),
        "file": _("file {source}"),
        "result": _("result of a run"),
        "note": _("note {source}"),
    }[known.kind].format(source=untrusted(known.source or "?", 80))
    text = known.text.removeprefix(f"{known.title}: ")
    title = f"{untrusted(known.title, 80)}: " if known.title else ""
    return f"- {title}{untrusted(text, 240)} ({source}, {at} {known.at.year})"


def _agents(_: Locale, connected: tuple[Connected, ...]) -> str:
    if not connected:
        return _("No model is connected, so I plan offline and work with the built-in tools.")
    names = (
        f"{untrusted(agent.title, 40)}{_(' (on this machine)') if agent.local else ''}"
        for agent in connected
    )
    return _("Connected: {agents}.").format(agents=listed(_, names, most=8))


def _rights(_: Locale, rights: tuple[Right, ...]) -> list[str]:
    words = {
        Right.ASK: _("ask for work"),
        Right.APPROVE: _("approve plans"),
        Right.STEER: _("pause and resume runs"),
        Right.STOP: _("stop the project's work"),
        Right.SET_BUDGET: _("set budgets"),
        Right.SET_ROLE: _("give roles"),
        Right.SET_PREFERENCE: _("teach me for everyone"),
        Right.ANSWER_OWN: _("teach me for yourself"),
    }
    known = [text for right, text in words.items() if right in rights]
    return known or [_("look on")]
