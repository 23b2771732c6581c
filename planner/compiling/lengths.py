"""How long a text is to be, as said in its instruction: "1,200–1,500 words", "at most 200 words"."""

import re

from pydantic import ValidationError

from memory.model.work.check import Words

WRITING = frozenset({"research", "draft", "summarise", "translate", "analyse", "general"})
"""Tasks whose reply is the text that is meant; a review or a program speaks of another one."""

SLACK_PERCENT = 10
"""People count as they like, and a reader does not see the difference."""

NUMBER = r"(?<!\d)(?<!\d[,.])\d{1,3}(?:[,  ]\d{3})+|\d{1,6}"
_DASHED = re.compile(rf"({NUMBER})\s?[-–—]\s?({NUMBER})(?=[ -]words?\b)", re.IGNORECASE)
_LENGTH = re.compile(
    rf"(?:between )?(?P<from>{NUMBER})\s*(?:-|–|—|to|and)\s*(?P<to>{NUMBER})[ -]words?\b"
    r"|(?:at most|no more than|not more than|up to|under|below|fewer than|less than|max(?:imum)?"
    rf"(?: of)?)\s+(?P<most>{NUMBER}) words?\b"
    rf"|(?P<at_most>{NUMBER}) words? (?:at most|or fewer|or less|max)\b"
    r"|(?:at least|no fewer than|no less than|minimum(?: of)?|more than|over)"
    rf"\s+(?P<least>{NUMBER}) words?\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:each|every|per|apiece|section|paragraph|chapter|heading|title|subject line|intro\w*)\b",
    re.IGNORECASE,
)
NEAR_CHARS = 40


def spelled(text: str) -> str:
    """The text with "1,200–1,500 words" as "1,200 to 1,500 words": a dash may get lost."""
    return _DASHED.sub(r"\1 to \2", text)


def words_of(task_type: str, instruction: str) -> Words | None:
    """The bounds, where one is said and it is said of the whole text."""
    lengths = list(_LENGTH.finditer(instruction))
    # Of two lengths nobody can tell which one the whole has.
    if task_type.casefold() not in WRITING or len(lengths) != 1:
        return None
    (length,) = lengths
    if _of_a_part(instruction, length):
        return None
    given = {name: number_of(number) for name, number in length.groupdict().items() if number}
    least = given.get("from", given.get("least"))
    most = given.get("to", given.get("most", given.get("at_most")))
    try:
        return Words(least=least, most=most, slack_percent=SLACK_PERCENT)
    except ValidationError:
        return None


def _of_a_part(instruction: str, length: "re.Match[str]") -> bool:
    near = instruction[max(0, length.start() - NEAR_CHARS) : length.end() + NEAR_CHARS]
    return _PART.search(near) is not None


def number_of(text: str) -> int:
    """`1,500` as a number."""
    return int(re.sub(r"\D", "", text))
