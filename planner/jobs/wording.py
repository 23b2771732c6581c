"""A request without its courtesies, and with what is meant word for word set apart. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from memory.model.patterns import short

_BEFORE: Final = re.compile(
    r"\s*(?:please|pls|plz|hey|hi|hello|ok(?:ay)?|so|now|then|also|just|kindly|quickly|orchestra|bot|@orchestra|"
    r"(?:can|could|would|will) (?:you|u)(?: please)?|i(?:'d| would) (?:like|love|want)(?: you)? to|i (?:want|need)(?: you)? to|"
    r"i(?:'d| would) like|let's|lets|help me(?: to)?|go ahead and|do me a favou?r and|for me)(?=[\s,:!])[\s,:!]*",
    re.IGNORECASE,
)
_AFTER: Final = short(
    r"(?<![\s,])[\s,]*+\b(?:please|pls|plz|thanks|thank you|thx|ty|for me|if you can|if possible|asap|right now|quickly|(?<!from )now)[\s.!]*$"
    r"|(?<![\s.!?…])[\s.!?…]++$|(?<!\s)\s*+[\U0001F300-\U0001FAFF☀-➿]\ufe0f?\s*$",
    re.IGNORECASE,
)
QUOTED: Final = re.compile(
    r"“([^“”]*)”|„([^„“”]*)[“”]|«\s*([^«»]*?)\s*»|\"([^\"]*)\"|‘([^‘’]*)’|`([^`]*)`|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w))*)'(?!\w)"
)
_BODY: Final = re.compile(r":(?:[ \t]+|[ \t]*\n+)(?=\S)")
_FILE_FIRST: Final = re.compile(
    r"(?:in |from |for )?(\S+\.(?:csv|tsv|xlsx|xlsm|xls|ods|parquet|jsonl?|ndjson))\s*:[ \t]+([^\n]+)",
    re.IGNORECASE,
)
_TODO: Final = re.compile(r"\bto[ -]?do(?= list\b)", re.IGNORECASE)
_THE: Final = re.compile(r"\b(?:teh|hte|thw|tge)\b", re.IGNORECASE)
"""Slips too short to be mended by likeness."""
_NEW: Final = r"(?:an?|one|some) (?:new|separate|different|second|fresh|other)|another"
_NEW_FILE: Final = short(
    rf"(?<![\s,])[\s,]*+(?:(?:and|but|then) )?(?:(?:in|to|into|as) (?:{_NEW}) (?:file|copy|document|table|sheet|one)(?! (?:called|named|at|\S+\.\w))\b"
    r"|(?:please )?(?:(?:don'?t|do not|never|without) overwrit(?:e|ing)|overwrite)(?: (?:it|anything|nothing|the (?:old |original )?(?:file|one|original)|[\w./-]+\.\w+))"
    r"|(?:keep|leave) the (?:original|old (?:one|file)|file)(?: (?:as it is|untouched|unchanged|alone))?)",
    re.IGNORECASE,
)
"""That the result is to go to a file of its own, whatever that is called."""
_TO_IT: Final = short(
    r"[\s,]+(?:and |then )*(?:save|write|put|store|keep|export) (?:it|them|that|the (?:result|rest|rows))$",
    re.IGNORECASE,
    most=400,
)
_MARKS: Final = re.compile(r"⟦\d+⟧")


@dataclass(frozen=True)
class Wording:
    """The words in one spelling: single blanks, no commas; ⟦0⟧ stands for the first literal."""

    line: str
    literals: tuple[str, ...]

    def plain(self, words: str) -> str:
        """The words with their literals back in; a literal by itself keeps its blanks."""
        if self.is_literal(words):
            return self.literals[int(words.strip()[1:-1])]
        return re.sub(r"⟦(\d+)⟧", lambda match: self.literals[int(match[1])], words).strip()

    def is_literal(self, words: str) -> bool:
        """Whether it is one literal and nothing else."""
        return _MARKS.fullmatch(words.strip()) is not None


def bare(words: str) -> str:
    """The words without what is only polite around them."""
    plain, before = words.replace("’", "'").strip(), ""
    while plain != before:
        before = plain
        match = _BEFORE.match(plain)
        plain = plain[match.end() :] if match and match.end() < len(plain) else plain
        shorter = _AFTER.sub("", plain)
        plain = shorter or plain
    return plain.strip()


def wordings(words: str) -> tuple[Wording, ...]:
    """The ways to read the words: what follows a colon as a text of its own, then without."""
    about = _FILE_FIRST.fullmatch(bare(words))
    if about:  # "a.csv: how many lines?" asks about the file; it never writes it
        return (_wording(f"{bare(about[2])} in {about[1]}", ()),)
    head, body = _parted(words)
    whole = _wording(bare(words), ())
    return (_wording(f"{bare(head)} : ⟦0⟧", (body,)), whole) if body else (whole,)


def without_new_file(words: str) -> tuple[str, tuple[str, ...]]:
    """The words without what asks for a new file that has no name, and the phrases that do."""
    said = tuple(match[0].strip(" ,;.") for match in _NEW_FILE.finditer(words))
    rest = _NEW_FILE.sub("", words).strip(" ,;.")
    return (_TO_IT.sub("", rest), said) if said else (words, ())


def literal_spans(words: str) -> tuple[tuple[int, int], ...]:
    """Where the words hold a text that is meant word for word, as by quotes."""
    return tuple(match.span() for match in QUOTED.finditer(words) if len(match[0]) > 2)


def _parted(words: str) -> tuple[str, str]:
    """What stands before and behind the first colon outside of quotes."""
    quoted = literal_spans(words)
    for match in _BODY.finditer(words):
        if not any(start <= match.start() < end for start, end in quoted):
            return words[: match.start()], words[match.end() :].strip("\n").rstrip()
    return words, ""


def _wording(words: str, literals: tuple[str, ...]) -> Wording:
    found = list(literals)

    def keep(match: "re.Match[str]") -> str:
        found.append(next(group for group in match.groups() if group is not None))
        return f" ⟦{len(found) - 1}⟧ "

    line = QUOTED.sub(keep, words)
    line = re.sub(r"[,;](?=\s|$)", " ", _THE.sub("the", _TODO.sub("todo", line)))
    return Wording(" ".join(line.split()), tuple(found))
