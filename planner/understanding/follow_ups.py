"""Whether words go on from a plan that was made or done: by what they leave out, and by reading them. Pure."""

import re
from pathlib import PurePosixPath
from typing import Final

from memory.model.work.value import FileInfo
from planner.coverage.cover import newest
from planner.jobs.wording import bare
from planner.port import PlanRequest
from planner.questions.words.lexicon import plain
from planner.timing.correcting import corrects
from planner.timing.schedules import Timed, read
from planner.timing.zone import Zone
from planner.understanding.things import is_of_the_bot

MOST_WORDS: Final = 16
"""Longer orders say what they are about."""
FEWEST_WORDS: Final = 3
"""Fewer words are rather an answer than a request."""
FRAGMENT_WORDS: Final = 6

_ON: Final = re.compile(
    r"^(?:(?:please|ok|okay|yes|cool|great|nice|hm+|well|sorry|oh|actually|thanks)[, ]+)*"
    r"(?:and|now|then|but|so|also|only|just|same|the same|again|instead|rather|what about|how about|no|not|nope|i mean\w*|make (?:it|that|them)|"
    r"do (?:it|that)|without|with|excluding|except|as|in an?|by|per|for|since|before|after|between|until|during|in (?=\d{4}))\b",
    re.IGNORECASE,
)
"""How words begin that go on from others."""
_ORDERED: Final = re.compile(
    r"^(?:please )?(?:sort(?:ed)?|order(?:ed)? by|round(?:ed)?|hide|limit|group(?:ed)? by)\b",
    re.IGNORECASE,
)
"""Orders that need something to be there, where they name no file."""
_QUESTION: Final = re.compile(
    r"^(?:(?:and|but|so|ok|okay)[, ]+)?(?:how|what|what's|who|when|where|why|which|is|are|was|were|did|do|does|am|can|could|may|will)\b",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"\b(?:it|that|this|them|those|these|ones?|instead|too|as well|rather than|the (?:results?|table|chart|graph|report|list|numbers))\b",
    re.IGNORECASE,
)
"""Words for what there is already."""
_THERE: Final = re.compile(r"\b(?:it|that|this|them|those|these|(?:the )?same)\b", re.IGNORECASE)
_SAME: Final = re.compile(r"\b(?:same|again|what about|how about)\b|^(?:and )?for\b", re.IGNORECASE)
_FIGURE: Final = re.compile(
    r"\b(?:how (?:many|much)|number of|totals?|sum|average|mean|median|count|list|which|who|when|where|compare|describe)\b",
    re.IGNORECASE,
)
"""What makes a question of words by themselves."""


def follows(request: PlanRequest) -> bool:
    """Whether every word that was said last can be read as a change of the base plan."""
    if request.base is not None and request.base.schedule is not None and corrects(newest(request)):
        return True
    timed = read(newest(request), now=request.now, zone=Zone("UTC", ""))
    if isinstance(timed, Timed) and timed.schedule is not None:
        if not timed.work.strip():
            return True
        said = {"text": f"{request.text}\n\n{timed.work}", "schedule": timed.schedule}
        request = request.model_copy(update=said)
    base = request.base
    from planner.offline.edits import exact  # noqa: PLC0415 - brings all readers of data: 0.3 s

    return base is not None and exact(base, request) is not None


def leans(words: str, files: tuple[FileInfo, ...], *, outright: bool = False) -> bool:
    """Whether the words leave out what a question of its own would say; `outright`: they say that
    they go on from something.
    """
    line = bare(words)
    count = len(line.split())
    if not 0 < count <= MOST_WORDS or "\n" in words.strip():
        return False
    if needs_a_result(line, files):
        return True
    if _of_the_bot(line, files):
        return False
    if outright and not (_ON.match(line) and count <= FRAGMENT_WORDS):
        return False
    if _ON.match(line) or _BACK.search(line):
        return not _stands_alone(line, files)
    return count <= FRAGMENT_WORDS and not (_names_rows(line, files) or _FIGURE.search(line))


def points_back(words: str) -> bool:
    """Whether something that is there already is meant: "now sort it"."""
    return _THERE.search(words) is not None


def _stands_alone(line: str, files: tuple[FileInfo, ...]) -> bool:
    """Whether it names both a file and a figure, and not the same as before."""
    figure = _FIGURE.search(line) is not None and not _SAME.search(line)
    return figure and _names_file(line, files)


def is_a_request(request: PlanRequest) -> bool:
    """Whether the words make a request by themselves, read without a model: "turnover per month"."""
    line = bare(request.text)
    if _ON.match(line) or len(line.split()) < FEWEST_WORDS:
        return False
    from planner.offline.drafter import plan_offline  # noqa: PLC0415 - as above

    draft = plan_offline(request)
    return bool(draft.tasks) and not draft.declined


def needs_a_result(words: str, files: tuple[FileInfo, ...]) -> bool:
    """Whether it is an order that makes no sense by itself: "sort by name", "hide the fees"."""
    line = bare(words)
    return _ORDERED.match(line) is not None and not _names_file(line, files)


def is_question(words: str) -> bool:
    """Whether it begins as a question does."""
    return _QUESTION.match(bare(words)) is not None


def _of_the_bot(line: str, files: tuple[FileInfo, ...]) -> bool:
    """Whether it's a question about something of the bot's own that no column is called after."""
    if not is_question(line):
        return False
    columns = {w for file in files for c in file.columns for w in plain(c.name).split()}
    said = set(plain(line).split()) - columns
    return any(map(is_of_the_bot, said))


def _names_file(line: str, files: tuple[FileInfo, ...]) -> bool:
    return any(
        re.search(rf"(?<![\w/.-]){re.escape(file.path)}\b", line, re.IGNORECASE) for file in files
    )


def _names_rows(line: str, files: tuple[FileInfo, ...]) -> bool:
    """Whether a file or what its rows are called is named."""
    said = set(plain(line).split())
    stems = {plain(PurePosixPath(file.path.partition("#")[0]).stem) for file in files}
    return _names_file(line, files) or bool(said & stems)
