"""What can be said, in the words that work."""

from bot.chat import Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.emoji import (
    CHANGE,
    DISLIKE,
    DROP,
    DRY_RUN,
    LIKE,
    RUN,
)

_WORK = (
    "**Say what you want done**, and with what: "
    "`Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md`. "
    "I ask about what is unclear, show the plan with its cost and effects, "
    "and do nothing before it is approved.\n"
    "Say also `only if the total is above 1000`, `for each customer write …`, "
    "`if anything fails, ask me`."
)
_WORDS = (
    "**On a plan**\n"
    f"{RUN} `run` — start it (while questions are open: take the defaults)\n"
    f"{CHANGE} `skip 2`, `use Claude for drafts`, `make 3 cheaper`, `add a check by kim before 4` — change it\n"
    "`run all but 4` — approve a part; `what if Gemini did the drafts?` — compare without changing\n"
    f"{DRY_RUN} `dry run` — walk through it without doing anything\n"
    f"{DROP} `drop` — drop it",
    "**While it runs**\n"
    "`status` — what is going on; `agents` — who works, and how well\n"
    "`pause` ⏸️, `resume` ▶️, `cancel` 🛑 — this run\n"
    "`stop all` — everything, at once",
    "**By itself**\n"
    "`every weekday at 9:00 Berlin time: …`, `tomorrow at 14:00: …` — approved once, run each time\n"
    "`schedules`, `pause schedule 1`, `change schedule 1 to every Friday at 17:00`, "
    "`run schedule 1 now`, `delete schedule 1`\n"
    "`my time zone is Berlin` — whose clock is meant",
    "**Afterwards**\n"
    "`retry` 🔁, `rerun from 2`, `rerun it, but …` — do it again\n"
    "`undo` — put the files back (in a git repository)\n"
    f"{LIKE} {DISLIKE} — teach me which agent is good at what\n"
    "`templates` — plans with blanks, `save this as a template called …` — make one of this plan\n"
    "`preferences` — what I remember of you; `always use Claude for drafts here`, `forget that`\n"
    "`budget` — show the money, `budget $50 a month` — set a limit",
)


def help_message(_: Locale, *, offline: bool) -> Outgoing:
    """A short guide; `offline` adds how to connect a model."""
    texts = [_WORK, *_WORDS]
    if offline:
        texts.append(offline_note(_))
    return Outgoing(sections=tuple(Section(text=text) for text in texts))


def offline_note(_: Locale) -> str:
    """One line: no model is connected, what works all the same, and how to connect one."""
    return (
        "No model is connected, so I plan offline with the built-in tools: data files, charts, "
        "reports, summaries, web pages. Set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or "
        "XAI_API_KEY, or start Ollama, for writing, research and code."
    )
