"""Ways of asking brought to the few the grammar reads. Pure."""

import re

from planner.offline.grammar.words import FUNCTION as _FUNCTION

_MOST = r"most|highest|largest|biggest|greatest|best|top"
_LEAST = r"least|lowest|smallest|fewest|worst"
_COMPARED = r"over|above|more than|under|below|less than|at least|at most"

_RULES: tuple[tuple[str, str], ...] = (
    (r"\bhow much (?:was |is |were )?(?:the )?(?P<y>[\w'-]+)(?: was there| were there| is there)?", r"total \g<y>"),
    (r"\b(?:first|1st) quarter\b", "q1"),
    (r"\b(?:second|2nd) quarter\b", "q2"),
    (r"\b(?:third|3rd) quarter\b", "q3"),
    (r"\b(?:fourth|4th|last) quarter of\b", "q4 of"),
    (
        rf"\b(?:which|what) (?P<x>[\w'-]+(?: [\w'-]+)?) (?:has|had|have|sold|made|got|with|brought(?: in)?|"
        rf"is|generated|shows|showed) (?:the )?(?:{_MOST}) (?P<y>[\w' -]+)",
        r"top 1 \g<x> by \g<y>",
    ),
    (
        rf"\b(?:which|what) (?P<x>[\w'-]+(?: [\w'-]+)?) (?:has|had|have|sold|made|got|with|brought(?: in)?|"
        rf"is|generated|shows|showed) (?:the )?(?:{_LEAST}) (?P<y>[\w' -]+)",
        r"bottom 1 \g<x> by \g<y>",
    ),
    (rf"\b(?P<n>\d+) (?P<end>{_MOST}|{_LEAST})\b", r"\g<end> \g<n>"),
    (r"\btop (?!\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|twenty\b)"
     r"(?P<x>[\w'-]+(?: [\w'-]+)? by )", r"top 10 \g<x>"),
    (
        rf"^ ?(?:show |list |find )?(?:all |the )*(?P<x>[\w'-]+) (?:with|whose|having|that have) (?:an? |the )?"
        rf"(?P<f>{_FUNCTION}) (?P<y>[\w'-]+(?: [\w'-]+)?) (?:is )?(?P<op>{_COMPARED}) ",
        r"\g<f> \g<y> by \g<x> groupwise \g<op> ",
    ),
    (
        rf"\b(?:where|with|whose|having) (?:an? |the )?(?P<f>{_FUNCTION}) "
        rf"(?P<y>[\w'-]+(?: [\w'-]+)?) (?:is )?(?P<op>{_COMPARED}) ",
        r"\g<f> \g<y> groupwise \g<op> ",
    ),
    (r"\b(?:per|for each|for every|each) (?:row|record|order|transaction|line|entry)\b(?! *(?:id|date))", " "),
)  # fmt: skip


def reworded(text: str) -> str:
    """The text with each known turn of phrase replaced by its plain form."""
    for pattern, plain in _RULES:
        text = re.sub(pattern, plain, text)
    return text
