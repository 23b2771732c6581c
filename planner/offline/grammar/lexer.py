"""Words into clauses: quotes, paths and addresses stay whole, each clause begins with its verb."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

ENDINGS = (
    "csv|tsv|json|jsonl|ndjson|parquet|txt|md|markdown|html|htm|pdf|png|svg|jpg|jpeg|xlsx|xls|docx"
)


class Kind(StrEnum):
    """What a token is."""

    QUOTED = "quoted"
    URL = "url"
    MENTION = "mention"
    PATH = "path"
    NUMBER = "number"
    DATE = "date"
    WORD = "word"
    MARK = "mark"


@dataclass(frozen=True)
class Token:
    """A token: `text` without quotes, `low` in lower case."""

    kind: Kind
    text: str

    @property
    def low(self) -> str:
        """The text in lower case."""
        return self.text.lower()


_TOKEN = re.compile(
    rf"""
      (?P<quoted>"[^"\n]+"|“[^”\n]+”|‘[^’\n]+’|`[^`\n]+`|(?<!\w)'[^'\n]+'(?!\w))
    | (?P<url>https?://[^\s<>"'”]+[^\s<>"'”.,;:!?)])
    | (?P<mention><@[^>\s]+>|(?<![\w.])@[\w.-]*\w)
    | (?P<date>\d{{4}}-\d{{1,2}}-\d{{1,2}}\b)
    | (?P<path>(?:[\w.-]*/)+[\w.-]*\w/?|(?:[\w.-]+/)+(?=[\s,;.:!?)]|$)|/|(?<![\w/])[\w-]+(?:\.[\w-]+)*\.(?:{ENDINGS})\b|\.\./\S*\w)
    | (?P<number>[$€£]?\d[\d,]*(?:\.\d+)?(?:[kKmM](?![\w]))?%?(?![\w]))
    | (?P<word>\w+(?:['’\-]\w+)*)
    | (?P<mark>>=|<=|!=|<>|[,;.:\n!?()=<>&+])
    """,
    re.VERBOSE,
)


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens in order; what is none of them is dropped."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = Kind(str(match.lastgroup))
        piece = match.group()
        if kind is Kind.QUOTED:
            piece = piece[1:-1].strip()
            if re.search(rf"\.(?:{ENDINGS})$|/", piece, re.IGNORECASE):
                kind = Kind.PATH
        if kind is Kind.WORD and "/" in piece:
            kind = Kind.PATH
        found.append(Token(kind, piece))
    return tuple(found)


SEPARATORS = frozenset({",", ";", ".", "\n", "!", "?", "and", "then", "afterwards", "finally",
                        "lastly", "next", "also", "after", "that", "please", "plus", "but",
                        "now", "first", "second", "secondly", "&", "so", ":"})  # fmt: skip
WEAK = frozenset({"please", "that", "now", "first", "so", ":"})
"""Words that stand between orders but do not part them by themselves."""
HARD = frozenset({";", ".", "\n", "!", "?", "then", "finally", "afterwards"})

Clause = tuple[Token, ...]


def clauses(
    found: tuple[Token, ...], begins: Callable[[tuple[Token, ...], int], bool]
) -> tuple[Clause, ...]:
    """Cut at separators that are followed by the beginning of an order, and at every hard one.

    `begins` says whether an order begins at a place.
    """
    cut: list[Clause] = []
    current: list[Token] = []
    place = 0
    while place < len(found):
        end = place
        while end < len(found) and _separates(found[end]):
            end += 1
        between = found[place:end]
        hard = any(token.low in HARD for token in between)
        parting = hard or any(token.low not in WEAK for token in between)
        if parting and current and (hard or (end < len(found) and begins(found, end))):
            cut.append(tuple(current))
            current, place = [], end
            continue
        if between and not current:
            place = end
            continue
        if between:
            current.extend(between)
            place = end
            continue
        current.append(found[place])
        place += 1
    if current:
        cut.append(tuple(current))
    return tuple(cut)


def _separates(token: Token) -> bool:
    return token.kind in {Kind.MARK, Kind.WORD} and token.low in SEPARATORS


def say(clause: Clause) -> str:
    """The clause as people wrote it, nearly."""
    text = " ".join(f"“{t.text}”" if t.kind is Kind.QUOTED else t.text for t in clause)
    return re.sub(r" ([,;.:!?])", r"\1", text)
