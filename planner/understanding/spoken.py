"""Words as they are compared: without politeness and fillers, names and numbers by their type. Pure."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from memory.model.base import name_key
from memory.model.patterns import short
from planner.lexicon.names import AGENTS

MONEY, NUMBER, FILE, QUOTED, PERSON, AGENT = (
    "‹money›",
    "‹n›",
    "‹file›",
    "‹quoted›",
    "‹person›",
    "‹agent›",
)
"""What stands for a thing of this type among the words."""

LEXICON: Final = Path(__file__).with_name("lexicon.toml")
CONSIDERED_CHARS: Final = 600
"""What comes later in a long text doesn't change what kind of thing it is."""

_NUMBERS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eins": "1", "zwei": "2", "drei": "3", "vier": "4",
    "deux": "2", "trois": "3", "quatre": "4", "dos": "2", "tres": "3", "cuatro": "4",
}  # fmt: skip
_COUNTED: Final = re.compile(
    rf"\b(number|no\.?|nr\.?|nummer|numéro|número|run|schedule|task|step|lauf|zeitplan|schritt)\s+({'|'.join(_NUMBERS)})\b"
)
_BEFORE: Final = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|k|so|um+|uh+|erm?|hm+|well|now|right|yo|yes|yeah|orchestra|bot|"
    r"please|pls|plz|kindly|just|maybe|perhaps|quickly|quick|actually|also|then|and then|"
    r"(?:can|could|would|will) (?:you|u|ya)|(?:can|could|may) (?:we|i)|would you mind|do you mind|"
    r"i(?:'d| would) like (?:you )?to|i (?:want|need) (?:you )?to|i(?:'d| would) like you|wanna|gonna|"
    r"do me a favou?r and|be so kind (?:and|as to)|go ahead and|let's|lets|like|"
    r"bitte|kannst du|könntest du|könnten sie|können sie|kannst|mal|doch|ich möchte|ich will|"
    r"s'il (?:te|vous) pla[iî]t|stp|svp|(?:est-ce que )?tu peux|peux[- ]tu|pouvez[- ]vous|pourrais[- ]tu|je veux|"
    r"por favor|puedes|podrías|puede|quiero)[\s,.:!-]+)+"
)
_AFTER: Final = short(
    r"(?:(?<![\s,.:!?-])[\s,.:!?-]++(?:please|pls|plz|thanks|thank you|thx|ty|cheers|now|ok|okay|for me|right now|asap|"
    r"would you|will you|mate|buddy|man|dude|orchestra|bitte|danke|mal|s'il (?:te|vous) pla[iî]t|stp|svp|"
    r"merci|por favor|gracias|lol|haha))+[\s,.!?]*$"
)
_INSIDE: Final = re.compile(r"\b(?:um+|uh+|erm?|please|bitte|svp|por favor)\b[\s,]*")
_DU: Final = re.compile(
    r"(?<!st)(?<!^)(?<!\bwas)(?<!\bwie)(?<!\bwo)(?<!\bob)(?<!\bdass)(?<!\bwenn)(?<!\bund)(?<!\bna)(?<!\bdie)(?<!\bdas)(?<!\bden)(?<!,)(?: )du\b"
)
"""The French "du": the German one stands first, or after a verb's or a clause's beginning."""
_PIECE: Final = re.compile(
    r"(?P<quoted>[“\"][^“”\"]{1,200}[”\"]|`[^`]{1,200}`)"
    r"|(?P<file>https?://\S+|(?<![\w./-])(?:[\w.-]+/)+[\w.-]*|(?<![\w-])[\w-]+\.(?:csv|tsv|xlsx?|json|md|txt|pdf|docx?|html?|py|js|ts|sql|png|jpe?g|ya?ml|parquet|log|zip)\b)"
    r"|(?P<money>[$€£]\s*\d[\d.,]*k?|\d[\d.,]*\s*(?:usd|dollars?|dólar(?:es)?|bucks|euros?|eur|[$€£]))"
    r"|(?P<person><@[^<>]+>|(?<!\w)@\w[\w.-]*)"
    r"|(?P<number>#?\d[\d.,:]*)"
    r"|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)"
)
KEPT: Final = 8_192
"""The phrasings are about six thousand, and each is needed twice while the router loads."""
_BLANK: Final = {"quoted": QUOTED, "file": FILE, "money": MONEY, "person": PERSON, "number": NUMBER}


@dataclass(frozen=True)
class Spoken:
    """`text` is what was said without fillers, `words` the same in the lexicon's words and by types."""

    text: str
    words: tuple[str, ...]

    @property
    def types(self) -> frozenset[str]:
        """Which types of things are named."""
        return frozenset(word for word in self.words if word.startswith("‹"))


def spoken(said: str, agents: Sequence[str] = ()) -> Spoken:
    """The words that count of what was said; `agents` are names that mean one."""
    plain = cleaned(said)
    return Spoken(plain, _typed(in_common_words(plain), agents))


@lru_cache(maxsize=KEPT)
def cleaned(said: str) -> str:
    """The words in lower case, without emoji, politeness and fillers; all of them if none is left."""
    folded = unicodedata.normalize("NFKC", said[:CONSIDERED_CHARS]).casefold()
    letters = "".join(" " if unicodedata.category(letter) == "So" else letter for letter in folded)
    text = " ".join(re.sub(r":[a-z_+-]+:", " ", letters.replace("’", "'")).split())
    text = re.sub(r"^(?:/orchestra\b|@orchestra\b)[:,]?\s*", "", text)
    bare = _AFTER.sub("", _BEFORE.sub("", text)).strip()
    bare = _INSIDE.sub("", bare).strip() or text
    return _COUNTED.sub(lambda found: f"{found[1]} {_NUMBERS[found[2]]}", bare)


@lru_cache(maxsize=KEPT)
def in_common_words(text: str) -> str:
    """The text with each word of the lexicon replaced by the one that stands for it."""
    pattern, common = _lexicon()
    return pattern.sub(lambda found: common[found[0]], _DU.sub(" de", text))


@cache
def _lexicon() -> tuple[re.Pattern[str], dict[str, str]]:
    table = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
    common = {word.casefold(): stands for stands, words in table.items() for word in words}
    longest_first = sorted(common, key=len, reverse=True)
    return re.compile(
        rf"(?<![\w./-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w./-])"
    ), common


@lru_cache
def _longest_first(agents: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(map(name_key, (*agents, *AGENTS))), key=len, reverse=True))


def _typed(text: str, agents: Sequence[str]) -> tuple[str, ...]:
    for name in _longest_first(tuple(agents)):
        if name in text:
            text = re.sub(rf"(?<![\w/.-]){re.escape(name)}(?:'s)?(?![\w/])", f" {_MARK} ", text)
    words: list[str] = []
    for found in _PIECE.finditer(text):
        kind = found.lastgroup or "word"
        if kind == "word":
            words.append(AGENT if found[0] == _MARK else found[0])
        else:
            words.append(_BLANK[kind])
    return tuple(words)


_MARK: Final = "anagent"
