"""What people can say, in the words that work: the table of actions, as a message."""

from collections.abc import Iterator

from bot.chat import Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.routing.row import Row
from bot.language.table import GROUPS, of_group


def help_message(_: Locale, *, offline: bool) -> Outgoing:
    """A short guide; `offline` adds how to connect a model."""
    texts = [*_guide(_), *([offline_note(_)] if offline else [])]
    return Outgoing(sections=tuple(Section(text=text) for text in texts))


def offline_note(_: Locale) -> str:
    """One line: no model is connected, what works all the same, and how to connect one."""
    return _(
        "No model is connected, so I plan offline with the built-in tools: data files, charts, "
        "reports, summaries and web pages. For writing, research and code, set OPENAI_API_KEY, "
        "ANTHROPIC_API_KEY, GEMINI_API_KEY or XAI_API_KEY, or start Ollama."
    )


def _guide(_: Locale) -> Iterator[str]:
    yield _(
        "**Say what you want done**, and with what: "
        "`Load sales.csv, total the revenue by region, chart it, and write a report to "
        "reports/q3.md`. "
        "I ask about anything unclear, show you the plan with its cost and effects, "
        "and do nothing until it's approved.\n"
        "You can also say `only if the total is above 1000`, `for each customer write …`, "
        "`if anything fails, ask me`, or `every weekday at 9:00 Berlin time: …`."
    )
    for group, title in GROUPS.items():
        lines = [_line(_, row) for row in of_group(group) if row.name != "request.ask"]
        yield "\n".join([f"**{_.sentence(title)}**", *lines])


def _line(_: Locale, row: Row) -> str:
    words = ", ".join(f"`{example}`" for example in row.examples)
    said = " ".join(filter(None, ("".join(row.emoji), words)))
    return f"{said} — {_.sentence(row.help)}"
