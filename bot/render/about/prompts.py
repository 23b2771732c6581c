"""Words to begin with, which a press says."""

from bot.chat import Prompt
from bot.language.catalogue import Locale
from bot.language.words import shorten, untrusted
from bot.queries.about.prompts import Material

TITLE_CHARS = 60
MOST = 4


def prompts(_: Locale, known: Material) -> tuple[Prompt, ...]:
    """At most four, what the folder has first."""
    found: list[str] = []
    if known.totals is not None:
        sums = _("total {number} by {group} in {file} and chart it")
        names = {name: untrusted(value, 80) for name, value in known.totals.model_dump().items()}
        found.append(sums.format(**names))
    if known.text:
        found.append(_("summarise {file}").format(file=untrusted(known.text, 120)))
    found += [_("what is waiting for me?"), _("what did we do this week?"), _("what can you do?")]
    return tuple(Prompt(title=_title(words), words=words) for words in found[:MOST])


def _title(words: str) -> str:
    return shorten(words[:1].upper() + words[1:], TITLE_CHARS)
