"""Charts of a kind, or with a look, that nothing here draws. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from memory.model.text import text
from planner.coverage.mentions import QUOTE
from planner.tools import CHART_KINDS, CHART_NOUNS

_NOUN: Final = "|".join(sorted(CHART_NOUNS, key=len, reverse=True))
_KIND: Final = re.compile(
    r"\b(?:3-?d|three-dimensional|animated|interactive|radar|spider|bubble|area|waterfall|funnel|gauge|network|candlestick|violin|polar) "
    rf"(?:(?P<drawn>{'|'.join(CHART_KINDS)}) )?(?:{_NOUN})\b"
    r"|\b(?:heat ?maps?|box ?plots?|gantt(?: charts?)?|tree ?maps?|sankeys?(?: diagrams?)?|word ?clouds?|choropleths?|sparklines?)\b"
    rf"|\b(?P<flat>(?:{'|'.join(CHART_KINDS)}) )?(?:{_NOUN}) in 3-?d\b",
    re.IGNORECASE,
)
_LOOK: Final = re.compile(
    r"(?:(?:and|now|but|please|can you|could you|make|draw|do|show|i want|i'd like|with|use|it|that|this|the|them|an?|much|bit|little|even|in|to|chart|graph|plot|picture|too|no|on|of|has|be|should|bars?|lines?|slices?|title|labels)[, ]+)*"
    r"(?:bigger|larger|smaller|wider|taller|higher resolution|more colou?rful|colou?rful|(?:other|different|nicer|brighter|darker|our) (?:colou?rs?|fonts?)|"
    r"(?:red|blue|green|orange|purple|pink|yellow|black|grey|gray)|(?:a )?log(?:arithmic)? (?:scale|axis)|bigger (?:font|letters|labels|text)|(?:dark|black) background|"
    r"bold|(?:a )?legend|grid ?lines?|3-?d|three-dimensional)(?: (?:chart|graph|plot|picture|bars?|lines?|instead|too))*(?:[, ]+(?:please|pls|thanks|instead|too))*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Drawable:
    """Words with a chart in them that can be drawn, and what that leaves out."""

    words: str
    left: str


def drawable(words: str) -> Drawable | None:
    """The words with a plain chart in place of one that nothing draws; None where none is named."""
    match = _KIND.search(QUOTE.sub(lambda quote: " " * len(quote[0]), words))
    if match is None:
        return None
    kind = (match["drawn"] or match["flat"] or "").strip()
    plain = f"{words[: match.start()]}{kind} chart{words[match.end() :]}"
    left = text("I can't draw “{kind}”; it's a plain chart.", kind=match[0].casefold())
    return Drawable(" ".join(plain.split()), left)


def refused(words: str) -> str:
    """A sentence for words about a chart's look, or a kind of chart, that can't be had; "" for others."""
    line = " ".join(words.replace("’", "'").split()).strip(" .!?")
    if not _LOOK.fullmatch(line) and drawable(words) is None:
        return ""
    return text(
        "I draw bar, line, pie and scatter charts in one size and one style; their kind, their title "
        "and what they show can be changed, for example “as a line chart” or “only the top 5”."
    )
