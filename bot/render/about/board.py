"""A channel's board in words: a line a run, and what waits for whom."""

from bot.chat import Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.words import bar, listed, packed, untrusted
from bot.queries.about.board import Board
from bot.queries.about.work import Waiting
from bot.render.states import run_state
from memory.model.money import show_money
from memory.model.work.run import RunView, TaskState

SHOWN = 20


def board_message(_: Locale, board: Board) -> Outgoing:
    """The board as it stands; it tells no times, so that it only changes when something does."""
    lines = [_run(_, view) for view in board.runs[:SHOWN]] or [_("Nothing is running.")]
    waits = [_wait(_, wait) for wait in board.waits[:SHOWN]]
    sections = [Section(text=_("Under way here"), part="headline")]
    sections += [Section(text=text) for text in packed(lines)]
    if waits:
        sections.append(Section(text="\n".join([_("**Waiting**"), *waits])))
    return Outgoing(sections=tuple(sections), tone="working" if board.runs else "closed")


def board_over(_: Locale, why: str) -> Outgoing:
    """The board once it's kept true no longer; `why` is our own sentence."""
    head = Section(text=_("Under way here"), part="headline")
    return Outgoing(sections=(head, Section(text=why, part="state")), tone="closed")


def _run(_: Locale, view: RunView) -> str:
    done = sum(task.state.over for task in view.tasks)
    now = [untrusted(task.title, 60) for task in view.tasks if task.state is TaskState.RUNNING]
    parts = [
        f"{bar(done, len(view.tasks))} **{untrusted(view.title)}** {run_state(_, view.state)}",
        f"{done}/{len(view.tasks)}",
        show_money(view.cost_micro_usd),
        *([_("now: {tasks}").format(tasks=listed(_, now, most=3))] if now else []),
    ]
    return " · ".join(parts)


def _wait(_: Locale, wait: Waiting) -> str:
    who = listed(_, (untrusted(name, 60) for name in wait.who)) or _("anybody")
    return "- " + _("{what}: waits for {who}").format(what=untrusted(wait.text, 200), who=who)
