"""Ways of asking brought to the few the grammar reads. Pure."""

import re

from planner.offline.grammar.words import FUNCTION, NUMBERS, ORDINALS

_MOST = r"most|highest|largest|biggest|greatest|best|top"
_LEAST = r"least|lowest|smallest|fewest|worst"
_COMPARED = r"over|above|more than|under|below|less than|at least|at most"
_NAME = r"[\w'-]+(?: [\w'-]+)?"
_HAS = rf"\b(?:which|what) (?P<x>{_NAME}) (?:has|had|have|sold|made|got|with|brought(?: in)?|is|generated|shows|showed)"
_QUARTERS = rf"1st|2nd|3rd|4th|{'|'.join(tuple(ORDINALS)[:4])}"

_RULES: tuple[tuple[str, str], ...] = (
    (r"\bhow much (?:was |is |were )?(?:the )?(?P<y>[\w'-]+)(?: was there| were there| is there)?", r"total \g<y>"),
    (rf"{_HAS} (?:the )?(?:{_MOST}) (?P<y>[\w' -]+)", r"top 1 \g<x> by \g<y>"),
    (rf"{_HAS} (?:the )?(?:{_LEAST}) (?P<y>[\w' -]+)", r"bottom 1 \g<x> by \g<y>"),
    (rf"\b(?P<n>\d+) (?P<end>{_MOST}|{_LEAST})\b", r"\g<end> \g<n>"),
    (rf"\btop (?!\d|(?:{'|'.join(NUMBERS)})\b)(?P<x>{_NAME} by )", r"top 10 \g<x>"),
    (rf"^ ?(?:show |list |find )?(?:all |the )*(?P<x>[\w'-]+) (?:with|whose|having|that have) (?:an? |the )?"
     rf"(?P<f>{FUNCTION}) (?P<y>{_NAME}) (?:is )?(?P<op>{_COMPARED}) ",
     r"\g<f> \g<y> by \g<x> groupwise \g<op> "),
    (rf"\b(?:where|with|whose|having) (?:an? |the )?(?P<f>{FUNCTION}) (?P<y>{_NAME}) (?:is )?(?P<op>{_COMPARED}) ",
     r"\g<f> \g<y> groupwise \g<op> "),
    (r"\b(?:per|for each|for every|each) (?:row|record|order|transaction|line|entry)\b(?! *(?:id|date))", " "),
)  # fmt: skip


def reworded(text: str) -> str:
    """The text with each known turn of phrase replaced by its plain form."""
    text = re.sub(rf"\b({_QUARTERS}) quarter\b", _quarter, text)
    for pattern, plain in _RULES:
        text = re.sub(pattern, plain, text)
    return text


def _quarter(match: "re.Match[str]") -> str:
    return f"q{ORDINALS.get(match[1]) or match[1][0]}"
