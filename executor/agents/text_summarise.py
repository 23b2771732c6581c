"""text.summarise: the most important sentences of a text, picked and not rewritten.

TextRank (Mihalcea and Tarau 2004): sentences that share words recommend each other. Needs no
model and no list of stop words: a word counts the less, the more sentences have it.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

from executor.data import arguments
from executor.data.specs import content, control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.value import Text

SENTENCES = 5

SPEC = tool(
    "text.summarise",
    "Picks the most telling sentences of a text (extractive; writes nothing new).",
    content(
        "text",
        "The text",
        "text",
        sample="Tea sold well in July. Mugs sold better in August. Both were cheap.",
    ),
    control("sentences", "How many sentences to pick", "number", required=False, default=SENTENCES),
    types=("summarise",),
    output="text",
    words=("summary", "summaries"),
)

SENTENCES_WEIGHED = 400
"""More are thinned out evenly: weighing takes time by the square."""
SENTENCE_CHARS = 600
DAMPING = 0.85
ROUNDS = 30

_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|approx|no|Nr|bzw|ca|z\.B|d\.h|e\.g|i\.e|p\.m|a\.m))\.$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])")
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>\s?)")


class TextSummarise:
    """Deterministic: the same text gives the same sentences, in the text's order."""

    spec = SPEC

    async def run(self, call: Call) -> Reply:
        """The sentences, and a last line that says they were picked."""
        given = await in_thread(lambda: arguments.text(call, "text"), timeout_s=call.timeout_s)
        most = max(1, min(arguments.number(call, "sentences", SENTENCES), 50))
        picked = await in_thread(lambda: pick(given, most), timeout_s=call.timeout_s)
        if not picked:
            raise BadInput("There's no text to summarise.")
        note = (
            text("1 sentence picked from the text, not rewritten")
            if len(picked) == 1
            else text("{n} sentences picked from the text, not rewritten", n=len(picked))
        )
        return Reply(value=Text(text=f"{' '.join(picked)}\n\n*({note})*"))


def pick(given: str, most: int) -> tuple[str, ...]:
    """The `most` important sentences in the order of the text."""
    sentences = list(dict.fromkeys(sentences_of(given)))
    if len(sentences) <= most:
        return tuple(sentences)
    step = max(1, math.ceil(len(sentences) / SENTENCES_WEIGHED))
    sentences = sentences[::step]
    weights = _weights([_words(sentence) for sentence in sentences])
    best = sorted(range(len(sentences)), key=lambda n: (-weights[n], n))[:most]
    return tuple(sentences[n] for n in sorted(best))


def sentences_of(text: str) -> list[str]:
    """The sentences, without headings, tables and code."""
    sentences: list[str] = []
    for block in re.split(r"\n\s*\n", re.sub(r"```.*?(?:```|\Z)", "", text, flags=re.DOTALL)):
        lines = [line for line in block.splitlines() if not re.match(r"\s*(#|\||<|---)", line)]
        for chunk in _items(lines):
            sentences += _split(" ".join(chunk.split()))
    return sentences


def _items(lines: Sequence[str]) -> list[str]:
    """Wrapped lines joined, list items apart."""
    items: list[str] = []
    for line in lines:
        bare = _MARKUP.sub("", line)
        if items and bare == line:
            items[-1] += " " + line
        else:
            items.append(bare)
    return items


def _split(text: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for gap in _BREAK.finditer(text):
        piece = text[start : gap.end()].strip()
        if not _ABBREVIATION.search(piece) and not re.search(r"\d\.$", piece):
            pieces.append(piece)
            start = gap.end()
    pieces.append(text[start:].strip())
    return [piece[:SENTENCE_CHARS] for piece in pieces if len(_words(piece)) > 2]


def _words(sentence: str) -> Counter[str]:
    words = re.findall(r"[^\W_]{2,}", sentence.casefold())
    if len(words) < 3:  # languages without blanks: pairs of letters do as words
        words = [
            sentence[n : n + 2] for n in range(len(sentence) - 1) if sentence[n : n + 2].isalpha()
        ]
    return Counter(words)


def _weights(bags: Sequence[Counter[str]]) -> list[float]:
    links = _links(bags)
    sums = [math.fsum(row) or 1.0 for row in links]
    weights = [1.0] * len(bags)
    for _ in range(ROUNDS):
        shares = [
            math.fsum(
                link / total * weight
                for link, total, weight in zip(row, sums, weights, strict=True)
                if link
            )
            for row in links
        ]
        weights = [1 - DAMPING + DAMPING * share for share in shares]
    return weights


def _links(bags: Sequence[Counter[str]]) -> list[list[float]]:
    """How strongly each two sentences recommend each other: by their rare words in common."""
    spread = Counter(word for bag in bags for word in bag)
    rare = {word: math.log(len(bags) / count) for word, count in spread.items()}
    sizes = [math.log(len(bag) + 1) for bag in bags]
    links = [[0.0] * len(bags) for _ in bags]
    for n, bag in enumerate(bags):
        for m in range(n):
            shared = sum(rare[word] for word in bag.keys() & bags[m].keys())
            links[n][m] = links[m][n] = shared / (sizes[n] + sizes[m])
    return links
