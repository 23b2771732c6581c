"""Words for people: text from outside made harmless, spans of time, lists, bars.

The chat port's Markdown has no escape character, so what could be read as its marks is replaced
by look-alikes. What only one platform reads as a mark (`_`, `~`, `|`) is that adapter's to
escape.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.language.catalogue import Locale
from memory.model.base import AgentName

LINE_CHARS: Final = 140
SECTION_CHARS: Final = 2800
"""Slack's section holds 3,000 characters; the rest is for what its adapter adds."""

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]"
)
_ANSI: Final = re.compile(
    r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?", re.DOTALL
)
_CALL_ALL: Final = re.compile(r"@(?=everyone|here|channel|group|subteam)", re.IGNORECASE)
_TAG: Final = re.compile(r"<(?=\S)")
_LINK: Final = re.compile(r"\]\s*(?=\()")
_LOOK_ALIKE: Final = str.maketrans({"`": "ˋ", "*": "∗"})
_FENCE: Final = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)


Names = Mapping[AgentName, str]
"""What people call the agents; one that is missing is shown by its name."""


def agent_name(names: Names, agent: AgentName, limit: int = 60) -> str:
    """What people call the agent, made harmless."""
    return untrusted(names.get(agent, agent), limit)


def clean(text: str) -> str:
    """The text without control characters, terminal codes, hidden marks and lone surrogates."""
    plain = _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", plain)


def untrusted(text: str, limit: int = LINE_CHARS) -> str:
    """Text from outside as one line that can forge no mention, link, format or list.

    At most `limit` characters; what is longer ends in "…".
    """
    line = " ".join(clean(text).split())
    return shorten(_defang(line).translate(_LOOK_ALIKE).lstrip("#>-+ "), limit) or "…"


def code(text: str, limit: int = LINE_CHARS) -> str:
    """Text from outside in a code span, for paths, names and queries."""
    line = " ".join(clean(text).split()).replace("`", "ˋ")
    return f"`{shorten(_defang(line), limit) or '…'}`"


def passage(text: str, limit: int = SECTION_CHARS) -> str:
    """A result of several paragraphs: its Markdown stays, mentions and disguised links do not."""
    body = _defang(clean(text)).strip()
    if len(body) > limit:
        body = body[: limit - 1].rstrip() + "…"
    if len(_FENCE.findall(body)) % 2:
        body += "\n```"
    return body


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning with "…" where it has more characters than the limit."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def width(text: str) -> int:
    """How many columns the text takes in a fixed-width font."""
    return sum(_columns(letter) for letter in text)


def fit(text: str, columns: int) -> str:
    """The text in exactly so many columns, shortened with "…" or filled with spaces."""
    if width(text) > columns:
        text = _beginning(text, columns - 1) + "…"
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int, lines: int) -> list[str]:
    """The text in at most so many lines of so many columns; the last ends in "…" if it must.

    A word longer than a line is cut; text without spaces (Chinese, Japanese) breaks anywhere.
    """
    rest, rows = " ".join(text.split()), list[str]()
    while rest:
        if len(rows) == lines - 1 or width(rest) <= columns:
            return [*rows, fit(rest, columns).rstrip()]
        head = _beginning(rest, columns)
        cut = len(head) if rest[len(head)] == " " else head.rfind(" ")
        if cut <= len(head) // 3 and (cut < 1 or width(rest[cut:].strip()) > columns):
            slash = head.rfind("/") + 1  # a path is read best in whole names
            cut = slash if slash > len(head) // 3 else len(head)
        rows.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return rows or [""]


def duration(_: Locale, seconds: float) -> str:
    """`8 s`, `4 min 10 s`, `1 h 5 min`, `2 d 3 h`; under a second `0.4 s`."""
    if seconds < 1:
        return _("{seconds} s").format(seconds=f"{max(seconds, 0):.1f}")
    whole = round(seconds)
    if whole >= DAY_S:
        return _pair(_("{n} d"), whole // DAY_S, _("{n} h"), whole % DAY_S // HOUR_S)
    if whole >= HOUR_S:
        return _pair(_("{n} h"), whole // HOUR_S, _("{n} min"), whole % HOUR_S // MINUTE_S)
    if whole >= MINUTE_S:
        return _pair(_("{n} min"), whole // MINUTE_S, _("{n} s"), whole % MINUTE_S)
    return _("{n} s").format(n=whole)


def _pair(large: str, number: int, small: str, rest: int) -> str:
    return f"{large.format(n=number)} {small.format(n=rest)}" if rest else large.format(n=number)


def span(_: Locale, low: float, high: float) -> str:
    """A range of time in one unit: `3–6 min`, `2–40 s`, or one figure where both show alike."""
    sizes = ((DAY_S, _("{n} d")), (HOUR_S, _("{n} h")), (MINUTE_S, _("{n} min")), (1, _("{n} s")))
    size, unit = next((pair for pair in sizes if high >= pair[0]), sizes[-1])
    first, last = max(round(low / size), 0), max(round(high / size), 1)
    if first == 0:
        return _("up to {time}").format(time=unit.format(n=last))
    return unit.format(n=first if first == last else f"{first}–{last}")


def count(_: Locale, number: int, one: str, many: str) -> str:
    """`count(_, 1512, "{n} word", "{n} words")` is `1,512 words`."""
    return _.ngettext(one, many, number).format(n=f"{number:,}")


def cost_text(_: Locale, cost: str, unpriced: Sequence[str]) -> str:
    """`$0.11–0.24 + mylab (price not known)`."""
    if not unpriced:
        return cost
    agents = listed(_, (untrusted(agent, 40) for agent in unpriced))
    return _("{cost} + {agents} (price not known)").format(cost=cost, agents=agents)


def listed(_: Locale, items: Iterable[str], *, most: int = 4) -> str:
    """`a, b and c`; beyond `most` the rest is counted: `a, b and 7 more`."""
    parts = list(items)
    if len(parts) > most:
        parts = [*parts[: most - 1], _("{n} more").format(n=len(parts) - most + 1)]
    if len(parts) < 2:
        return "".join(parts)
    return _("{items} and {last}").format(items=", ".join(parts[:-1]), last=parts[-1])


def packed(lines: Iterable[str]) -> list[str]:
    """The lines joined into texts that each keep to a section's limit."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(line) < SECTION_CHARS:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts


def bar(done: int, total: int, *, cells: int = 8) -> str:
    """▓▓▓▓▓▓░░: full only when all is done."""
    full = cells if done >= total else done * cells // max(total, 1)
    return "▓" * full + "░" * (cells - full)


def _defang(text: str) -> str:
    text = _TAG.sub("‹", text)
    text = _CALL_ALL.sub("@\u2063", text)
    return _LINK.sub("] ", text)


def _beginning(text: str, columns: int) -> str:
    used = 0
    for index, letter in enumerate(text):
        used += _columns(letter)
        if used > columns:
            return text[:index]
    return text


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
