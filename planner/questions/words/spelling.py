"""How words are written: the tokens of a sentence, and how far apart two spellings are. Pure."""

import re
from dataclasses import dataclass

from planner.questions.words.phrases import NUMBERS

_TOKEN = re.compile(
    r"⟦(?P<column>[^⟦⟧]+)⟧|[\"“](?P<quoted>[^\"“”]+)[\"”]|(?<!\w)[‘'](?P<single>[^'‘’]+)[’'](?!\w)"
    r"|(?P<number>[$€£]?-?\d[\d,]*(?:\.\d+)?(?:[km](?!\w))?(?:st|nd|rd|th)?(?![\w.-]{0,60}[a-z]))\s?[$€£]?"
    r"|(?P<word>[\w]+(?:[-'][\w]+)*%?|%)|(?P<mark>>=|<=|!=|<>|==|[<>=,&+])",
    re.IGNORECASE,
)
PUNCTUATION = frozenset(",&+")


@dataclass(frozen=True)
class Token:
    """A word, number or mark of a sentence, and where it begins."""

    text: str
    start: int
    quoted: bool = False
    column: bool = False
    number: float | None = None
    money: bool = False

    @property
    def low(self) -> str:
        return self.text.lower()


def tokens_of(words: str) -> list[Token]:
    """The tokens, in order."""
    return [_token(match) for match in _TOKEN.finditer(words)]


def _token(match: re.Match[str]) -> Token:
    if match["column"]:
        return Token(match["column"], match.start(), column=True)
    quoted = match["quoted"] or match["single"]
    if quoted:
        return Token(quoted, match.start(), quoted=True)
    text = match.group().strip()
    if match["number"]:
        return Token(
            text, match.start(), number=_number(text), money=bool(re.search(r"[$€£]", text))
        )
    low = text.lower()
    return Token(text, match.start(), number=NUMBERS.get(low) if low != "one" else None)


def _number(text: str) -> float:
    low = re.sub(r"(st|nd|rd|th)$", "", text.lower().strip("$€£ ")).replace(",", "")
    factor = {"k": 1_000, "m": 1_000_000}.get(low[-1:], 1)
    return float(low.rstrip("km")) * factor


def distance(first: str, second: str) -> int:
    """Letters put in, left out, changed, or swapped with their neighbour."""
    rows = [list(range(len(second) + 1))]
    for i, letter in enumerate(first, 1):
        row = [i]
        for j, other in enumerate(second, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
