"""Slips and short forms of words that say when, written out where a time is meant. Pure."""

import re
from typing import Final

from planner.timing.literals import masked

_DAYS: Final = {
    "Monday": r"mon?d[au]?y|mnday|monady", "Tuesday": r"tus?e?sday|tuseday|teusday|tuesdy",
    "Wednesday": r"wend?e?sday|wed[ne]{1,2}sday|wedneday|wensday", "Thursday": r"th(?:rus|urs|ur|us)d[au]?y|thrusday",
    "Friday": r"fird[au]?y|frid?[au]?y|firday", "Saturday": r"sat[eu]rd[au]?y|satuday", "Sunday": r"sund[au]?y|snuday",
}  # fmt: skip
_SLIPS: Final = (
    ("tomorrow", r"t(?:mrw|mr|mrrw|mw|omorow|ommorow|ommorrow|omorrrow|omorro|omorrw|oomorrow)|2mor{1,2}ow?|2moro"),
    ("tonight", r"tonite|2nite|tonigt|tongiht"),
    ("every", r"evry|evrey|everey|eveyr(?= )"),
    *_DAYS.items(),
)  # fmt: skip
_TIMES: Final = tuple(
    (meant, re.compile(rf"(?<![\w./-])(?:{slips})(?![\w./-])", re.IGNORECASE))
    for meant, slips in _SLIPS
)
_REMIND: Final = re.compile(
    r"^(?P<before>\W*(?:(?:please|pls|hey|can you|could you|pls can you) )?)(?:remnd|remid|remine|remin|rmind|remnid|remidn|reminde|remined|remimd|rmeind|reming|reminds)"
    r"(?= (?:me|us|<@|@|everyone)\b)",
    re.IGNORECASE,
)


def mended(line: str) -> str:
    """The line with these written out; what is meant word for word stays."""
    line = _REMIND.sub(lambda match: f"{match['before']}remind", line)
    for meant, pattern in _TIMES:
        for slip in reversed([*pattern.finditer(masked(line))]):
            if slip[0].casefold() != meant.casefold():
                line = f"{line[: slip.start()]}{meant}{line[slip.end() :]}"
    return line
