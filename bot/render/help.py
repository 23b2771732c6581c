"""What can be said, in the words that work."""

from bot.chat import Outgoing, Section
from bot.emoji import CHANGE, DISLIKE, DROP, DRY_RUN, LIKE, RUN

_WORK = (
    "**Say what you want done**, and with what: "
    "`Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md`. "
    "I ask about what is unclear, show the plan with its cost and effects, "
    "and do nothing before it is approved."
)
_WORDS = (
    "**On a plan**\n"
    f"{RUN} `run` — start it (while questions are open: take the defaults)\n"
    f"{CHANGE} `change …` — say what should be different\n"
    f"{DRY_RUN} `dry run` — walk through it without doing anything\n"
    f"{DROP} `drop` — drop it",
    "**While it runs**\n"
    "`status` — what is going on\n"
    "`pause`, `resume`, `cancel` — this run\n"
    "`stop all` — everything, at once",
    "**Afterwards**\n"
    f"{LIKE} {DISLIKE} — teach me which agent is good at what\n"
    "`budget` — show the money, `budget $50 a month` — set a limit",
)


def help_message(*, offline: bool) -> Outgoing:
    """A short guide; `offline` adds how to connect a model."""
    texts = [_WORK, *_WORDS]
    if offline:
        texts.append(offline_note())
    return Outgoing(sections=tuple(Section(text=text) for text in texts))


def offline_note() -> str:
    """One line: no model is connected, what works all the same, and how to connect one."""
    return (
        "No model is connected, so I plan offline with the built-in tools: data files, charts, "
        "reports, summaries, web pages. Set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or "
        "XAI_API_KEY, or start Ollama, for writing, research and code."
    )
