"""A wish for something better that doesn't say in what: what could be meant is offered. Pure."""

import re
from typing import Final

from planner.draft import Draft
from planner.tools import CHART, QUERY

_VAGUE: Final = re.compile(
    r"(?:no[, ]+|hm+[, ]+|please )*(?:(?:(?:can|could) you )?(?:make|do|get) (?:it|this|that|them|the \w+) (?:a (?:bit|little) |much |look |even )?"
    r"(?:better|nicer|prettier|good|cooler|great|perfect|proper|right|work|beautiful|more beautiful)|"
    r"(?:improve|polish|optimi[sz]e|beautify|tweak|refine|fix|adjust|change|redo) (?:it|this|that|them|the \w+)(?: a (?:bit|little))?|"
    r"(?:it|this|that)(?:'s| is) (?:not|n't) (?:good|nice|right|great|what i (?:want|wanted|meant))(?: enough| yet)?|"
    r"not (?:good|nice|right)(?: enough| yet)?|i don'?t like (?:it|this|that)|(?:mach|machs|mache) es? (?:besser|schöner)|(?:améliore|mejóra)[- ]?lo?)[ .!]*",
    re.IGNORECASE,
)


def wishes(draft: Draft, clause: str) -> tuple[str, ...]:
    """The changes of this plan that may be meant, as they would be said; none where the words say
    one, or where none is at hand.
    """
    if not _VAGUE.fullmatch(clause):
        return ()
    if any(task.instruction for task in draft.tasks):
        return ("make it shorter", "make it clearer", "make it friendlier", "make it longer")
    types = {task.type for task in draft.tasks}
    if CHART.name in types:
        return ("as a bar chart", "as a line chart", "as a pie chart", "only the top 10")
    if QUERY.name in types:
        return ("as a bar chart", "only the top 10", "sorted the other way", "as excel")
    return ()
