"""How long a text is to be, as said in its instruction: "1,200–1,500 words", "at most 200 words"."""

import re

from memory.model.work.check import Words

WRITING = frozenset({"research", "draft", "summarise", "translate", "analyse", "general"})
"""Tasks whose reply is the text that is meant; a review or a program speaks of another one."""

SLACK_PERCENT = 10
"""People count as they like, and a reader does not see the difference."""

NUMBER = r"\d{1,3}(?:[,  ]\d{3})+|\d{1,6}"
_RANGE = re.compile(
    rf"(?:between )?(?P<least>{NUMBER})\s*(?:-|–|—|to|and)\s*(?P<most>{NUMBER})[ -]words?\b",
    re.IGNORECASE,
)
_DASHED = re.compile(rf"({NUMBER})\s?[-–—]\s?({NUMBER})(?=[ -]words?\b)", re.IGNORECASE)
_MOST = re.compile(
    r"(?:at most|no more than|not more than|up to|under|below|fewer than|less than|max(?:imum)?"
    rf"(?: of)?)\s+(?P<most>{NUMBER}) words?\b|(?P<most2>{NUMBER}) words? (?:at most|or fewer|or less|max)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"(?:at least|no fewer than|no less than|minimum(?: of)?|more than|over)\s+(?P<least>{NUMBER}) words?\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:each|every|per|apiece|section|paragraph|chapter|heading|title|subject line|intro\w*)\b",
    re.IGNORECASE,
)
NEAR_CHARS = 40


def spelled(text: str) -> str:
    """The text with "1,200–1,500 words" as "1,200 to 1,500 words": a dash may be lost on the way."""
    return _DASHED.sub(r"\1 to \2", text)


def words_of(task_type: str, instruction: str) -> Words | None:
    """The bounds, where one is said and it is said of the whole text."""
    if task_type.casefold() not in WRITING:
        return None
    found = _RANGE.search(instruction) or _MOST.search(instruction) or _LEAST.search(instruction)
    if found is None or _of_a_part(instruction, found):
        return None
    rest = f"{instruction[: found.start()]} {instruction[found.end() :]}"
    if _RANGE.search(rest) or _MOST.search(rest) or _LEAST.search(rest):
        return None  # two lengths: which of them the whole has is not for us to say
    given = {name: number_of(text) for name, text in found.groupdict().items() if text}
    least, most = given.get("least"), given.get("most") or given.get("most2")
    if least is not None and most is not None and least > most:
        return None
    if not all(1 <= bound <= 100_000 for bound in (least, most) if bound is not None):
        return None
    return Words(least=least, most=most, slack_percent=SLACK_PERCENT)


def _of_a_part(instruction: str, found: "re.Match[str]") -> bool:
    near = instruction[max(0, found.start() - NEAR_CHARS) : found.end() + NEAR_CHARS]
    return _PART.search(near) is not None


def number_of(text: str) -> int:
    """`1,500` as a number."""
    return int(re.sub(r"\D", "", text))
