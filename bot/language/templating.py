"""Words about templates: what there is, what one takes, and making one. Pure."""

import re
from typing import Final

from bot.language.intents import Named, SaveTemplate, TemplateShow

_LIST: Final = re.compile(
    r"^(?:(?:show|list|what|which)(?: me)?(?: are)?(?: the| my| our| all)*\s+)?templates"
    r"(?: (?:are there|do you have|are available|is there))?[?.!]?$",
    re.IGNORECASE,
)
_SHOW: Final = re.compile(
    r"^(?:show|explain|describe)(?: me)?\s+(?:the\s+)?(?:template\s+(?P<after>[\w][\w -]{0,60})"
    r"|(?P<before>[\w][\w -]{0,60}?)\s+template)[?.!]?$",
    re.IGNORECASE,
)
_SAVE: Final = re.compile(
    r"^(?:please\s+)?(?:save|keep|store|make|turn)\s+(?:this|it|that|this plan|the plan|this run|the run)\s+"
    r"(?:as|into)\s+(?:a\s+|the\s+)?(?:new\s+)?template"
    r"(?:\s+(?:called|named|with the name)?\s*[“\"'`]?(?P<name>[^”\"'`]{1,60}?)[”\"'`]?)?[.!]?$",
    re.IGNORECASE,
)
_USE: Final = re.compile(
    r"^(?:please\s+)?(?:use|apply|run|start|follow|fill)\s+(?:in\s+)?"
    r"(?:(?:the|our|my)\s+\S.{0,60}?\s+template\b|(?:the\s+)?template\s+\S)",
    re.IGNORECASE,
)


def uses_template(text: str) -> bool:
    """Whether a plan is asked for by its template: no change of the plan that waits."""
    return bool(_USE.match(text.strip()))


def templating(text: str) -> Named | TemplateShow | SaveTemplate | None:
    """What is meant where the words are about templates, else None."""
    if len(text) > 200:
        return None
    said = " ".join(text.replace("’", "'").split())
    if _LIST.match(said):
        return Named(name="templates.list")
    found = _SHOW.match(said)
    if found is not None:
        return TemplateShow(name=(found["after"] or found["before"]).strip())
    saved = _SAVE.match(said)
    return SaveTemplate(name=(saved["name"] or "").strip()) if saved is not None else None
