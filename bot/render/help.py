"""What can be said, in the words that work."""

from bot.chat import Outgoing, say
from bot.emoji import CHANGE, DISLIKE, DROP, DRY_RUN, LIKE, RUN

_WORK = (
    "**Say what you want done**, and with what: "
    "`Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md`. "
    "I ask about what is unclear, show the plan with its cost and effects, "
    "and do nothing before it is approved."
)
_PLAN = (
    f"**On a plan** {RUN} or `run` starts it · {CHANGE} or `change …` changes it · "
    f"{DRY_RUN} or `dry run` walks through it without doing anything · {DROP} or `drop` drops it. "
    "While questions are open, `run` takes the defaults."
)
_RUN = (
    "**While it runs** `status` · `pause` · `resume` · `cancel`\n"
    f"**On a result** {LIKE} or {DISLIKE} teaches me which agent is good at what.\n"
    "**Money** `budget` shows it · `budget $50 a month` sets it\n"
    "**Stop everything** `stop all`"
)


def help_message(*, offline: bool) -> Outgoing:
    """A short guide; `offline` adds how to connect a model."""
    texts = [_WORK, _PLAN, _RUN]
    if offline:
        texts.append(offline_note())
    return say("\n\n".join(texts))


def offline_note() -> str:
    """One line: no model is connected, what works all the same, and how to connect one."""
    return (
        "No model is connected, so I plan offline with the built-in tools: data files, charts, "
        "reports, summaries, web pages. Set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or "
        "XAI_API_KEY, or start Ollama, for writing, research and code."
    )
