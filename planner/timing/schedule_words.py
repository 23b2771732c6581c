"""The words around times: where they begin, what joins them, what they cannot be. Pure patterns."""

import re
from typing import Final

GAP: Final = re.compile(r"[\s,;]*(?:(?:and|but)\s+(?=skip|catch|run|queue|cancel|wait))?")
LEAD: Final = re.compile(
    r"\s*(?:please[,\s]+)?(?:(?:and\s+)?(?:schedule|run|do|repeat|make|change|move|set)\s+"
    r"(?:(?:this|it|that|the\s+following|the\s+schedule)\s+)?(?:run\s+)?(?:for\s+|to\s+)?"
    r"(?=(?:every|each|on|at|in|the|tomorrow|today|tonight|daily|hourly|weekly|monthly|next|weekdays|\d)\b)|"
    r"(?:schedule|when)\s*:\s*)?",
    re.IGNORECASE,
)
TRIGGER: Final = re.compile(
    r"(?<![\w/.\-])(?:once\s+(?:every|each|a\s+fortnight)|every|each|on|at|in|the|this|next|tomorrow|today|tonight|hourly|daily|nightly|"
    r"weekly|monthly|yearly|annually|bi-?weekly|fortnightly|weekdays|weekends|cron|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days|\d{1,2}\s|\d{4}-\d\d-\d\d|[*\d][\d*/,\-]{0,40}\s+[*\d])",
    re.IGNORECASE,
)
DOW: Final = r"(?:\*|[0-7]|sun|mon|tue|wed|thu|fri|sat)(?:[\d*/,\-#L]|sun|mon|tue|wed|thu|fri|sat)*"
CRON: Final = re.compile(
    r"(?P<word>cron\s*:?\s*)?[\"'`“]?(?P<fields>(?:[*\d][\d*/,\-]{0,40}\s+){2}[*\dL][\d*/,\-LW]{0,40}\s+"
    rf"(?:[*\d]|[a-z]{{3}}\b)[\da-z*/,\-]{{0,40}}\s+{DOW})(?![\w/])[\"'`”]?",
    re.IGNORECASE,
)
LOOSE: Final = re.compile(
    r"each\b|hourly|daily|nightly|weekly|monthly|every\s+(?:month|quarter|week|year)\b|"
    r"(?:on\s+)?(?:sun|mon|tues|wednes|thurs|fri|satur)days|(?:on\s+)?week(?:day|end)s"
)
PREPOSITION: Final = re.compile(
    r"\b(?:for|by|of|in|on|per|from|during|with|about|across|over|since|until|till|before|after|between|"
    r"to|through|within|versus|vs|than|at|is|was|are|were|like|as|where|when|if|only)$",
    re.IGNORECASE,
)
PREDICATE: Final = re.compile(
    r"\s+(?:has|have|is|are|was|were|of|in|that|which|should|must|may|will|there|we|our|by|and|or)\b",
    re.IGNORECASE,
)
LIMIT: Final = re.compile(
    r"[\s,]{0,12}(?:starting|beginning|until|till|except|but\s+not|other\s+than|for\s+the\s+next|"
    r"between\s+\d|from\s+\d)\b",
    re.IGNORECASE,
)
NEVER: Final = re.compile(
    r"(?:please\s+)?(?:(?:just|only)\s+)?(?:(?:run|do)\s+(?:it|this)\s+)?(?:just\s+|only\s+)?"
    r"(?:once(?:,?\s+now)?|now\s+instead|(?:with)?out\s+(?:the\s+|a\s+|any\s+)?schedule|no\s+schedule|"
    r"do\s*n[o']t\s+(?:repeat|schedule)\s+it)[.!]?",
    re.IGNORECASE,
)
INSTEAD: Final = re.compile(
    r"^(?:please\s+)?(?:(?:make|run|do|change|move|repeat)\s+(?:it|this|that)(?:\s+(?:run|to|for))?)?"
    r"\s*(?:instead|please)?\s*[.!]?$",
    re.IGNORECASE,
)
OVERLOOKED: Final = re.compile(
    r"\b(?:every|each)\s{1,3}(?:(?:other|second|third|\d+(?:st|nd|rd|th)?)\s{1,3})?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun|week|month|work|business)?\s{0,3}(?:day|week|month)s?\b"
    r"[^.:;\n]{0,20}\bat\s{1,3}(?:\d{1,2}\b|noon|midnight)",
    re.IGNORECASE,
)
_RUNS: Final = r"(?:\s+(?:ones?|runs?|times?|one|it))?"
_IF_RUNNING: Final = r"if\s+(?:it\s+is\s+)?still\s+running"


def _policy(pattern: str, name: str, value: str) -> tuple[re.Pattern[str], str, str]:
    return re.compile(pattern, re.IGNORECASE), name, value


POLICIES: Final = (
    _policy(rf"(?:skip|leave)\s+(?:what\s+(?:is|was)\s+)?missed{_RUNS}", "missed", "skip"),
    _policy(r"(?:run|do)\s+missed(?:\s+(?:ones|runs))?\s+once", "missed", "once"),
    _policy(
        rf"(?:run|do|catch\s+up\s+(?:on\s+)?)\s*(?:all|every)\s+missed{_RUNS}", "missed", "all"
    ),
    _policy(rf"skip\s+(?:it\s+)?{_IF_RUNNING}", "overlap", "skip"),
    _policy(rf"(?:queue(?:\s+(?:them|it))?|wait)\s+{_IF_RUNNING}", "overlap", "queue"),
    _policy(
        rf"cancel\s+the\s+(?:old|previous|earlier)\s+(?:one|run)(?:\s+{_IF_RUNNING})?",
        "overlap",
        "cancel_old",
    ),
)
"""What becomes of missed and of overlapping runs, as a schedule's fields."""
