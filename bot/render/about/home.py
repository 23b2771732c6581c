"""A person's home: what waits for them, what runs, budgets, schedules, agents, how to begin."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from bot.chat import DETAILS, HOME, Button, Outgoing, Section, Tone, say
from bot.language.catalogue import Locale
from bot.language.words import SECTION_CHARS, count, passage, untrusted
from bot.queries.about.home import Home, Running, There
from bot.render.agents import pauses_line
from bot.render.budgets import budget_line
from bot.render.runs import run_section
from bot.render.schedules.message import next_times, when_words
from memory.model.agents.spec import Catalogue
from memory.model.base import ProjectId
from memory.model.identity import MessageRef
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule

Address = Callable[[MessageRef], str]
"""Where a message can be opened, "" where nothing says."""


def nowhere(_message: MessageRef) -> str:
    """For where messages have no addresses."""
    return ""


def home_message(
    _: Locale, home: Home, catalogue: Catalogue, *, now: datetime, address: Address = nowhere
) -> Outgoing:
    """All that concerns a person, the most pressing first; its buttons do what those there do."""
    if not home.names:
        return say(_begin(_))
    several = len(home.names) > 1
    names = {project: untrusted(name, 60) for project, name in home.names.items()}

    def of(project: ProjectId) -> str:
        return f" · {names[project]}" if several else ""

    budgets = [budget_line(_, known) + of(project) for project, known in home.budgets]
    schedules = [_schedule(_, stored, now) + of(project) for project, stored in home.schedules]
    sections = (
        *_waits(_, home, address),
        *_runs(_, home.runs, now, address),
        *_titled(_("Budgets"), budgets),
        *_titled(_("Schedules"), schedules),
        *_titled(_("Agents"), [pauses_line(_, catalogue, home.agents, now=now)]),
        *_titled(_("How to begin"), [_begin(_)]),
    )
    return Outgoing(sections=sections, tone=_tone(home))


def _tone(home: Home) -> Tone:
    if home.waits:
        return "waiting"
    return "working" if home.runs else "closed"


def _begin(_: Locale) -> str:
    return _(
        "Say what you want done, to me or in a channel where you mention me: `Load sales.csv, total the "
        "revenue by region and chart it`. I show you the plan with its cost and effects, and do nothing "
        "until it's approved. `help` lists all I understand."
    )


def _waits(_: Locale, home: Home, address: Address) -> Iterator[Section]:
    yield Section(text=_("Waiting for you"), part="headline")
    for there in home.waits:
        yield from _asked(_, there, address)
    notes = [] if home.waits else [_("Nothing waits for you.")]
    if home.others:
        notes.append(
            count(_, home.others, "{n} more waits for others.", "{n} more wait for others.")
        )
    if notes:
        yield Section(text=" ".join(notes))


def _asked(_: Locale, there: There, address: Address) -> Iterator[Section]:
    """The message as it stands in its thread, without pictures, with buttons that do the same."""
    for section in there.out.sections:
        text = f"**{section.text}**" if section.part == "headline" else section.text
        part = section.part if section.part == "facts" else "text"
        fields = {"text": text, "part": part, "buttons": _at_home(there, section.buttons)}
        yield section.model_copy(update=fields)
    yield from _open(_, there, address)


def _runs(
    _: Locale, runs: tuple[Running, ...], now: datetime, address: Address
) -> Iterator[Section]:
    yield Section(text=_("Under way"), part="headline")
    if not runs:
        yield Section(text=_("Nothing is running."))
    for running in runs:
        there, shown = running.there, run_section(_, running.view, now)
        if there is None:
            yield shown.model_copy(update={"buttons": ()})
            continue
        link = "".join(f" · {known.text}" for known in _open(_, there, address))
        buttons = _at_home(there, shown.buttons)
        yield shown.model_copy(update={"text": shown.text + link, "buttons": buttons})


def _open(_: Locale, there: There, address: Address) -> Iterator[Section]:
    where = address(there.ref)
    if where:
        yield Section(text=f"[{_('Open the thread')}]({where})")


def _at_home(there: There, buttons: Iterable[Button]) -> tuple[Button, ...]:
    """The same buttons, which say whose message they're of; none where it's elsewhere."""
    if not there.near:
        return ()
    return tuple(
        button.model_copy(update={"action": _elsewhere(there.number, button.action)})
        for button in buttons
    )


def _elsewhere(number: int, action: str) -> str:
    if action.startswith(DETAILS):
        return f"{DETAILS}{number}/{action.removeprefix(DETAILS)}"
    return f"{HOME}{number}:{action}"


def _titled(title: str, lines: list[str]) -> Iterator[Section]:
    if lines:
        yield Section(text=title, part="headline")
        yield Section(text=passage("\n".join(lines), SECTION_CHARS))


def _schedule(_: Locale, stored: StoredSchedule, now: datetime) -> str:
    line = f"**{stored.number}** {untrusted(stored.title)} · {when_words(_, stored.schedule)}"
    if stored.state is not ScheduleState.ACTIVE:
        return line
    times = next_times(_, stored.schedule, now, 1)
    return f"{line} · " + _("next: {times}").format(times=times)
