"""Words into clauses: quotes, paths and addresses stay whole, each clause begins with its verb."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.lexicon.words import word_set

ENDINGS = "csv|tsv|json|jsonl|ndjson|parquet|txt|md|markdown|html|htm|pdf|png|svg|jpg|jpeg|xlsx|xlsm|xls|ods|docx|py|js|ts|sql|sh|css|toml|ya?ml|ini|cfg|log|rst|xml|tex|srt|eml|java|ipynb"


class Kind(StrEnum):
    """What a token is."""

    QUOTED = "quoted"
    URL = "url"
    MENTION = "mention"
    AGENT = "agent"
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
      (?P<quoted>"[^"\n]+"|“[^“”\n]+”|‘[^‘’\n]+’|`[^`\n]+`|(?<!\w)'[^'\n]+'(?!\w))
    | (?P<url>https?://[^\s<>"'”]+[^\s<>"'”.,;:!?)])
    | (?P<mention><@[^<>\s]+>|(?<![\w.])@[\w.-]*\w)
    | (?P<date>\d{{4}}-\d{{1,2}}-\d{{1,2}}\b)
    | (?P<path>(?<![\w./-])(?:[\w.-]*/)+[\w.-]*\w/?|(?<![\w./-])(?:[\w.-]+/)+(?=[\s,;.:!?)]|$)|/|(?<![\w/-])(?<!\w\.)[\w-]+(?:\.[\w-]+)*\.(?:{ENDINGS})\b|\.\./\S*\w)
    | (?P<number>[$€£]?\d[\d,]*(?:\.\d+)?(?:[kKmM](?![\w]))?(?:[ ]?%)?(?![\w]))
    | (?P<word>\w+(?:['’\-]\w+)*)
    | (?P<mark>>=|<=|!=|<>|[,;.:\n!?()=<>&+%])
    """,
    re.VERBOSE,
)
_FILE = re.compile(rf"\.(?:{ENDINGS})$|/", re.IGNORECASE)
"""What makes quoted words a path."""

SEPARATORS = word_set(
    ", ; . ! ? & : and then afterwards finally lastly next also after that please plus but now",
    "first second secondly so",
) | {"\n"}
WEAK = word_set("please that now first so :")
"""Words that stand between orders but do not part them by themselves."""
HARD = word_set("; . ! ? then finally afterwards") | {"\n"}

MARKS = word_set("; . ! ?") | {"\n"}
ORDERS = word_set("first second")
"""What parts orders before them, and belongs to the words before it at the end of a sentence."""

Clause = tuple[Token, ...]


def tokens(text: str, agents: Sequence[tuple[int, int]] = ()) -> Clause:
    """The tokens in order; what is none of them is dropped. `agents`: where such names stand."""
    found: list[Token] = []
    place = 0
    for start, end in (*agents, (len(text), len(text))):
        found += map(_token, _TOKEN.finditer(text, place, start))
        found += [Token(Kind.AGENT, text[start:end])] if end > start else []
        place = end
    return tuple(found)


def _token(match: "re.Match[str]") -> Token:
    kind, piece = Kind(str(match.lastgroup)), match.group()
    if kind is not Kind.QUOTED:
        return Token(kind, piece)
    piece = piece[1:-1].strip()
    return Token(Kind.PATH if _FILE.search(piece) else kind, piece)


def clauses(line: Clause, begins: Callable[[Clause, int], bool]) -> tuple[Clause, ...]:
    """Cut at separators that are followed by the beginning of an order, and at every hard one.

    `begins` says whether an order begins at a place.
    """
    cut: list[list[Token]] = [[]]
    place = 0
    while place < len(line):
        end = _separated(line, place)
        if end == place:
            cut[-1].append(line[place])
            place += 1
            continue
        between, place = line[place:end], end
        if cut[-1] and between[0].low in ORDERS and lows(between) & MARKS:  # "highest first?"
            cut[-1].append(between[0])
            between = between[1:]
        low = lows(between)
        parts = low & HARD or (low - WEAK and end < len(line) and begins(line, end))
        if cut[-1] and parts:
            cut.append([])
        elif cut[-1]:
            cut[-1] += between
    return tuple(map(tuple, filter(None, cut)))


def _separated(line: Clause, place: int) -> int:
    """Where the separators that stand at the place end."""
    while place < len(line) and line[place].low in SEPARATORS:
        if line[place].kind not in {Kind.MARK, Kind.WORD}:
            break
        place += 1
    return place


def lows(clause: Clause) -> set[str]:
    """The words of the clause in lower case."""
    return {token.low for token in clause}


def texts_of(clause: Clause, kind: Kind) -> list[str]:
    """The texts of the tokens of this kind."""
    return [token.text for token in clause if token.kind is kind]


def say(clause: Clause) -> str:
    """The clause as people wrote it, nearly."""
    text = " ".join(f"“{t.text}”" if t.kind is Kind.QUOTED else t.text for t in clause)
    return re.sub(r" ([,;.:!?])", r"\1", text)
