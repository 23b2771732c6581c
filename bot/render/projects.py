"""Projects as a whole, in words."""

from bot.actions.projects.binding import ChannelBound
from bot.actions.projects.cloning import ProjectCloned
from bot.actions.projects.lifecycle import (
    ProjectArchived,
    ProjectMade,
    ProjectRenamed,
    ProjectRestored,
)
from bot.chat import Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import code, count, listed, packed, untrusted
from bot.queries.projects import ProjectDetails, ProjectLine
from memory.model.authority import ARCHIVED


def project_list(_: Locale, known: tuple[ProjectLine, ...]) -> Outgoing:
    """The projects, the archived ones last."""
    if not known:
        return say(_("You're in no project yet. Say `create project NAME` to make one."))
    rows = sorted(known, key=lambda line: line.archived_at is not None)
    lines = [_("Your projects:"), *(f"- {_line(_, line)}" for line in rows)]
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def project_details(_: Locale, found: ProjectDetails) -> Outgoing:
    """One project: state, folder, channels and people."""
    lines = [
        _line(_, found.line),
        _("- made on {day}; its files are in the folder {folder}").format(
            day=f"{found.created_at:%Y-%m-%d}", folder=code(found.folder)
        ),
        _("- channels: {channels}").format(
            channels=listed(_, map(code, found.channels), most=8) or _("none")
        ),
    ]
    people = (
        _("{name} ({role})").format(name=untrusted(name, 40), role=role)
        for name, role in found.people
    )
    lines.append(_("- people: {people}").format(people=listed(_, people, most=12) or _("none")))
    if found.line.archived_at is not None:
        lines.append(_(ARCHIVED))
    return say("\n".join(lines))


def project_made(_: Locale, made: ProjectMade) -> str:
    """That it's there, and how to work in it."""
    return _(
        "Project **{name}** is created, and you own it. Its files go into the folder {folder}. To "
        "work in it here, say `switch to project {name}`."
    ).format(name=untrusted(made.name), folder=code(made.folder))


def project_cloned(_: Locale, cloned: ProjectCloned) -> str:
    """What it got, and what it didn't."""
    got = [
        count(_, cloned.budgets, "{n} budget", "{n} budgets"),
        count(_, cloned.templates, "{n} template", "{n} templates"),
        count(_, cloned.agent_rules, "{n} rule about agents", "{n} rules about agents"),
        count(_, cloned.policies, "{n} policy", "{n} policies"),
    ]
    text = _(
        "Project **{name}** is made like {source}: {got}. Files, runs, knowledge, people, schedules "
        "and money spent stay behind. You own it; say `switch to project {name}`."
    ).format(name=untrusted(cloned.name), source=untrusted(cloned.source), got=listed(_, got))
    if not cloned.configured:
        return text
    more = _(
        "What orchestra.toml sets for {source} (people, quorum, zone) doesn't hold for it: add a "
        "section for {name} there."
    ).format(name=untrusted(cloned.name), source=untrusted(cloned.source))
    return f"{text} {more}"


def project_renamed(_: Locale, renamed: ProjectRenamed) -> str:
    """What it's called now."""
    return _("Project {before} is now called **{name}**. Its channels and files stay.").format(
        before=untrusted(renamed.before), name=untrusted(renamed.name)
    )


def project_archived(_: Locale, archived: ProjectArchived) -> str:
    """That it's only looked at now, and what was ended."""
    name = untrusted(archived.name)
    if not archived.done:
        return _("Project **{name}** is archived already.").format(name=name)
    text = _(
        "Project **{name}** is archived: everything in it can still be looked at, nothing new "
        "starts, and its schedules stop. To undo, say `restore project {name}`."
    ).format(name=name)
    if not archived.cancelled:
        return text
    ended = count(_, archived.cancelled, "{n} run was ended.", "{n} runs were ended.")
    return f"{text} {ended}"


def project_restored(_: Locale, restored: ProjectRestored) -> str:
    """That work may begin in it again."""
    name = untrusted(restored.name)
    if not restored.done:
        return _("Project **{name}** isn't archived.").format(name=name)
    return _(
        "Project **{name}** is back: work may start in it again, and its schedules go on."
    ).format(name=name)


def channel_bound(_: Locale, bound: ChannelBound) -> str:
    """What the place is about from now on."""
    name = untrusted(bound.name)
    text = (
        _(
            "You're in project **{name}** now. What you start here from now on belongs to it; to "
            "leave it, say `switch back`."
        )
        if bound.alone
        else _(
            "This channel is about project **{name}** now. Threads that began before stay with "
            "the project they began in; to undo, say `unbind this channel`."
        )
    ).format(name=name)
    return f"{text} {_(ARCHIVED)}" if bound.archived else text


def channel_unbound(_: Locale, bound: ChannelBound) -> str:
    """That the place has its own project again."""
    name = untrusted(bound.name)
    if bound.alone:
        return _("You're back in your own project, **{name}**.").format(name=name)
    return _("This channel has its own project **{name}** again.").format(name=name)


def _line(_: Locale, line: ProjectLine) -> str:
    role = line.role or _("admin")
    marks = [
        *([_("here")] if line.here else []),
        *([_("your direct messages")] if line.sandbox else []),
        *([_("archived")] if line.archived_at is not None else []),
    ]
    text = _("**{name}**: you are {role}").format(name=untrusted(line.name), role=role)
    return f"{text} ({', '.join(marks)})" if marks else text
