"""Projects as a whole: their rows of the table of actions, and the words for them. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from bot.language.intents import ProjectOrder, ProjectVerb
from bot.language.routing.row import Row
from bot.language.routing.row import takes as _takes
from memory.model.text import sentence

_ONE: Final = "/v1/projects/{project}"

PROJECTS: Final[tuple[Row, ...]] = (
    Row(
        "project.switch", "project",
        sentence("list, create, switch, rename, copy and archive projects"),
        says=(
            "projects", "create project Website", "switch to project Website", "switch back",
            "rename project Website to Shop", "clone project Shop as Shop DE",
            "archive project Shop", "restore project Shop",
        ),
        cli="orchestra project switch Website", api="PUT /v1/channels/{channel}/project",
        takes=_takes("name"),
    ),
    Row(
        "project.list", "project", sentence("list your projects"),
        cli="orchestra project list", api="GET /v1/projects", hidden=True,
    ),
    Row(
        "project.show", "project", sentence("show a project"),
        cli="orchestra project show Website", api=f"GET {_ONE}", hidden=True,
    ),
    Row(
        "project.create", "project", sentence("create a project"),
        cli="orchestra project create Website", api="POST /v1/projects", hidden=True,
    ),
    Row(
        "project.rename", "project", sentence("rename a project"),
        cli="orchestra project rename Website Shop", api=f"PATCH {_ONE}", hidden=True,
    ),
    Row(
        "project.clone", "project", sentence("make a project like another one"),
        cli='orchestra project clone Shop "Shop DE"', api=f"POST {_ONE}/clone", hidden=True,
    ),
    Row(
        "project.archive", "project", sentence("archive a project: it's only looked at"),
        cli="orchestra project archive Website", api=f"POST {_ONE}/archive", hidden=True,
    ),
    Row(
        "project.restore", "project", sentence("let work begin in an archived project again"),
        cli="orchestra project restore Website", api=f"POST {_ONE}/restore", hidden=True,
    ),
    Row(
        "project.unbind", "project", sentence("give a channel its own project back"),
        cli="orchestra project unbind slack:T01:C01", api="DELETE /v1/channels/{channel}/project",
        hidden=True,
    ),
)  # fmt: skip

_THE: Final = r"(?:(?:the|this|our|my)\s+)?"
_NAME: Final = r"[“\"'`«]?(?P<name>[^”\"'`»\n]{1,80}?)[”\"'`»]?"
_TO: Final = r"[“\"'`«]?(?P<to>[^”\"'`»\n]{1,80}?)[”\"'`»]?"
_SHORT: Final = r"(?P<short>[^\s“\"'`«]+(?:\s+[^\s“\"'`«]+){0,2})"
"""Three words at most: longer ones after "create project" are work to be done."""
_QUOTED: Final = r"[“\"'`«](?P<quoted>[^”\"'`»\n]{1,80})[”\"'`»]"
_ENDED: Final = (
    r"(?P<cancel>,?\s+(?:and\s+)?(?:cancel|end|stop)\s+(?:its|the|all|their)?\s*(?:runs|work))?"
)

_OTHERS: Final = "status|budgets?|costs?|members|people|roles|settings|files|runs|schedules?|templates?|plans?|rules"
"""What is shown of this project, by other rows of the table."""

_WORDS: Final[tuple[tuple[ProjectVerb, str], ...]] = (
    ("list", r"(?:(?:show|list|see)\s+(?:me\s+)?)?(?:(?:all|the|my|our)\s+)*projects"),
    ("list", r"(?:which|what)\s+projects\s+(?:are there|do (?:i|we|you) have|am i in)"),
    ("show", rf"(?:show|describe)\s+(?:me\s+)?(?:the\s+)?project\s+(?!(?:{_OTHERS})\b){_NAME}"),
    ("create", rf"(?:create|make)\s+project\s+(?:{_QUOTED}|{_SHORT})"),
    ("create", rf"(?:(?:create|make|add|start|set up)\s+(?:an?\s+)?)?(?:new\s+)?project\s+(?:called|named)\s+{_NAME}"),
    ("rename", rf"rename\s+{_THE}project\s+(?:to|into)\s+{_TO}"),
    ("rename", rf"rename\s+{_THE}project\s+{_NAME}\s+(?:to|into|as)\s+{_TO}"),
    ("rename", rf"call\s+this\s+project\s+{_TO}"),
    ("clone", rf"(?:clone|copy|duplicate)\s+{_THE}project\s+(?:as|to|into)\s+{_TO}"),
    ("clone", rf"(?:clone|copy|duplicate)\s+{_THE}project\s+{_NAME}\s+(?:as|to|into)\s+{_TO}"),
    ("archive", rf"archive\s+{_THE}project(?:\s+{_NAME})?{_ENDED}"),
    ("restore", rf"(?:restore|unarchive|reopen|bring back)\s+{_THE}project(?:\s+{_NAME})?"),
    ("unbind", r"switch back|unbind(?:\s+(?:this|the)\s+channel)?|leave\s+(?:this|the)\s+project"),
    ("switch", rf"(?:switch|change|go|move|jump)\s+(?:over\s+)?to\s+(?:the\s+)?project\s+{_NAME}"),
    ("switch", rf"(?:switch|change|go|move|jump)\s+(?:over\s+)?to\s+the\s+{_NAME}\s+project"),
    ("switch", rf"(?:bind|connect)\s+this\s+channel\s+to\s+(?:the\s+)?(?:project\s+)?{_NAME}"),
    ("switch", rf"use\s+project\s+{_NAME}(?:\s+(?:here|in this channel|from now on))?"),
)  # fmt: skip
_READ: Final = tuple(
    (verb, re.compile(rf"^(?:please\s+)?(?:{words})[.!?]?$", re.IGNORECASE))
    for verb, words in _WORDS
)
MOST_CHARS: Final = 200
_FILE: Final = re.compile(r"/|\.\w{1,5}$")
"""Names of files: copying "project notes.md" is work to be done."""


def projecting(text: str) -> ProjectOrder | None:
    """What is meant where the words are about projects as a whole, else None."""
    if len(text) > MOST_CHARS:
        return None
    said = " ".join(text.replace("’", "'").split())
    for verb, words in _READ:
        found = words.match(said)
        if found is not None:
            return _order(verb, found.groupdict())
    return None


def _order(verb: ProjectVerb, said: Mapping[str, str | None]) -> ProjectOrder | None:
    """The order with the names in it; None where one of them is a file's."""
    name = (said.get("name") or said.get("quoted") or said.get("short") or "").strip()
    to = (said.get("to") or "").strip()
    if _FILE.search(name) or _FILE.search(to):
        return None
    return ProjectOrder(what=verb, name=name, to=to, cancel=bool(said.get("cancel")))
