"""Words that approve a part of a plan, or only ask what another plan would be. Pure."""

import re
from typing import Final

from memory.model.patterns import short

_PART: Final = re.compile(
    r"^(?:(?:run|approve|approved|start|do|go|yes|ok|okay|✅|:white_check_mark:)[,: ]*\s*(?:it|with)?\s*)"
    r"(?P<part>(?:(?:all|everything|every step|the rest)\s+)?(?:but|except(?: for)?|without|apart from|minus)\s+\S.*"
    r"|only\s+\S.*|just\s+\S.*|(?:steps?|tasks?)\s+\d[\d ,–-]*(?:(?:and|to)\s*\d+)?(?:\s+only)?|\d[\d ,–-]*(?:(?:and|to)\s*\d+)?(?:\s+only)?)[.!]?$",
    re.IGNORECASE,
)
_IF: Final = short(
    r"^(?:(?:and |but )?what if|what would (?:it|this|that) (?:cost|take|be|look like) if|"
    r"how (?:much|long) (?:would|will) it (?:cost|take) if|what about (?:it )?if|"
    r"suppose|compare(?: it)? (?:with|to))\s+(?P<what>\S.*?)[?.!]*$",
    re.IGNORECASE | re.DOTALL,
)
_DID: Final = re.compile(
    r"^(?P<agent>\S[\w .-]{0,40}?) (?:did|does|made|makes|wrote|writes|took|takes(?: over)?|handled|handles|were doing) "
    r"(?:the |all (?:the )?)?(?P<work>\S.*)$",
    re.IGNORECASE,
)
_WE: Final = re.compile(r"^(?:we|you|i|it)\s+(?:were to |would )?(?P<rest>\S.*)$", re.IGNORECASE)
_PAST: Final = {
    "skipped": "skip", "dropped": "drop", "removed": "remove", "used": "use", "saved": "save",
    "added": "add", "swapped": "swap", "did": "do", "left": "leave", "took": "take",
    "ran": "run", "made": "make", "published": "publish",
}  # fmt: skip
_PASSIVE: Final = re.compile(
    r"^(?P<object>\S.{0,80}?) (?:was|were|is|are|got|would be) (?P<verb>\w+)$", re.IGNORECASE
)
_CHANGE: Final = re.compile(
    r"^(?:please\s+)?(?:use (?:an? )?(?:bar|line|pie|scatter)\b.*|(?:skip|remove|drop|leave out) "
    r"(?:(?:step|task)s? )?\d[\d ,and–-]*|all but \d[\d ,and–-]*|only the (?:top|first) \d+"
    r"|use [A-Z]\w+ for .+|make (?:step |task )?\d+ cheaper|add an? (?:check|step) .+)[.!]?$",
    re.DOTALL,
)


_OF_RESULT: Final = re.compile(
    r"^(?:(?:please|can you|could you|now|and|then|ok(?:ay)?,?)\s+)*(?:(?:make|turn|draw|show|plot|put|save|sort|"
    r"order|round|group|split|chart|export|display|graph|visuali[sz]e|limit|filter)\s+(?:me\s+)?"
    r"(?:it|that|this|them|those|these)\b(?! (?:back\b|(?:as )?an? template\b))|(?:as|in) an?\s+(?:\w+\s+)?(?:chart|graph|table|spreadsheet|plot)\b)"
    r"[^\n]{0,120}$",
    re.IGNORECASE,
)
"""An order whose object is what there is already: "make it a bar chart", "sort that by name"."""


_REFUSAL: Final = re.compile(
    r"^(?:(?:no|nope|drop(?: it)?|refused?|reject(?:ed)?|declined?|don['’]t run (?:it|this))\s*[,:;.–—-]*\s*"
    r"(?:because|since|reason\s*:|the reason (?:is|being))(?:\s+that)?\s+"
    r"|(?:refused?|reject(?:ed)?|declined?)(?: (?:it|this|the plan))?\s*:\s*)(?P<why>\S.*)$",
    re.IGNORECASE,
)


def is_change(text: str) -> bool:
    """Whether the words can only be about a plan there was: `skip 2`, `use a pie chart`."""
    words = text.strip()
    return len(words) <= 200 and bool(_CHANGE.match(words) or _OF_RESULT.match(words))


def part(text: str) -> str:
    """What is approved of the plan in `run all but 4` ("all but 4"), "" for other words."""
    found = _PART.match(" ".join(text.split())) if len(text) <= 200 else None
    if found is None:
        return ""
    said = found["part"].strip(" .!")
    if re.match(r"(?:but|except|without|apart|minus)\b", said, re.IGNORECASE):
        return f"all {said}"
    return said if re.match(r"(?:all|every\w*|the rest|only|just)\b", said, re.IGNORECASE) else (
        f"only {said}"
    )  # fmt: skip


def is_firm(text: str) -> bool:
    """Whether a part of a plan is approved in words that are not said to anybody else."""
    return bool(
        re.match(r"(?:run|approve|✅|:white_check_mark:)[\s,:]", text.strip(), re.IGNORECASE)
    )


def refusal(text: str) -> str:
    """Why a plan is refused, in `no, because it names customers` or `refuse: too long`; "" for others."""
    found = _REFUSAL.match(" ".join(text.split())) if len(text) <= 2_000 else None
    return found["why"].strip() if found else ""


def what_if(text: str) -> str:
    """The change that is only thought of in `what if Gemini did the drafts?`, as an order."""
    found = _IF.match(" ".join(text.split())) if len(text) <= 2_000 else None
    if found is None:
        return ""
    what = found["what"].strip()
    did = _DID.match(what)
    if did is not None and did["agent"].casefold() not in {"we", "you", "i", "it"}:
        return f"use {did['agent']} for {did['work']}"
    passive = _PASSIVE.match(what)
    if passive is not None and passive["verb"].casefold() in _PAST:
        return f"{_PAST[passive['verb'].casefold()]} {passive['object']}"
    plain = _WE.match(what)
    words = (plain["rest"] if plain else what).split()
    return " ".join([_PAST.get(words[0].casefold(), words[0]), *words[1:]])
