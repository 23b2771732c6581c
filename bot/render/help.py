"""What people can say, in the words that work."""

from bot.chat import Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.emoji import CHANGE, DISLIKE, DROP, DRY_RUN, LIKE, RUN


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


def _guide(_: Locale) -> tuple[str, ...]:
    return (
        _(
            "**Say what you want done**, and with what: "
            "`Load sales.csv, total the revenue by region, chart it, and write a report to "
            "reports/q3.md`. "
            "I ask about anything unclear, show you the plan with its cost and effects, "
            "and do nothing until it's approved.\n"
            "You can also say `only if the total is above 1000`, `for each customer write …`, "
            "`if anything fails, ask me`."
        ),
        _(
            "**On a plan**\n"
            "{run} `run` — start it (if questions are open, use the defaults)\n"
            "{change} `skip 2`, `use Claude for drafts`, `make 3 cheaper`, "
            "`add a check by kim before 4` — change it\n"
            "`run all but 4` — approve part of it; `what if Gemini did the drafts?` — compare "
            "without changing anything\n"
            "{dry_run} `dry run` — walk through it without doing anything\n"
            "{drop} `drop` — drop it"
        ).format(run=RUN, change=CHANGE, dry_run=DRY_RUN, drop=DROP),
        _(
            "**While it runs**\n"
            "`status` — what's going on; `agents` — who's working, and how well\n"
            "`pause` ⏸️, `resume` ▶️, `cancel` 🛑 — this run\n"
            "`stop all` — everything, at once"
        ),
        _(
            "**On a schedule**\n"
            "`every weekday at 9:00 Berlin time: …`, `tomorrow at 14:00: …` — approve it once, "
            "it runs every time\n"
            "`schedules`, `pause schedule 1`, `change schedule 1 to every Friday at 17:00`, "
            "`run schedule 1 now`, `delete schedule 1`\n"
            "`my time zone is Berlin` — set the clock I go by"
        ),
        _(
            "**Afterwards**\n"
            "`retry` 🔁, `rerun from 2`, `rerun it, but …` — do it again\n"
            "`undo` — put the files back (in a git repository)\n"
            "{like} {dislike} — teach me which agent is good at what\n"
            "`templates` — reusable plans; `save this as a template called …` — turn this plan "
            "into one\n"
            "`preferences` — what I remember about you; `always use Claude for drafts here`, "
            "`forget that`\n"
            "`budget` — what's been spent; `budget $50 a month` — set a limit"
        ).format(like=LIKE, dislike=DISLIKE),
    )
