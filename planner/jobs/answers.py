"""Questions that can be answered on the spot: sums, units, days, which files there are. Pure.

What isn't read to its last word is no such question.
"""

import re
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Final
from zoneinfo import ZoneInfo

from memory.model.text import text
from memory.model.timing.schedule import ZONE_SLOT
from planner.jobs import calculator, days, results, units
from planner.jobs.wording import bare
from planner.names import listed
from planner.port import PlanRequest
from planner.timing import elsewhere

FILES_SHOWN: Final = 40
_ASKS: Final = re.compile(
    r"(?:(?:what|how much|how many)(?:'?s| is| are| does| do| would be| makes?)?|calculate|compute|work out|"
    r"was (?:ist|sind|macht|ergibt)|wie ?viel (?:ist|sind|macht|ergibt)|berechne|rechne|combien (?:font|fait|est)|calcule|cuánto (?:es|son)|calcula|"
    r"calc|evaluate|solve|reckon|tell me|=|the result of|result of|value of|convert|give me|sum of)[: ]+",
    re.IGNORECASE,
)
_FILES: Final = re.compile(
    r"(?:(?:what|which) (?P<kind>[\w.]+ )?files? (?:are|is|do (?:we|you|i) have|have (?:we|you|i) got|exist|can you see)"
    r"(?: (?:there|here|available|in (?:this|the|my|our) (?:folder|project|directory)))*"
    r"|(?:list|show|ls|dir)(?: me)?(?: all)?(?: (?:the|my|our))? ?(?P<kind2>[\w.]+ )?(?:files?|folder|directory)"
    r"(?: (?:there|here|in (?:this|the|my|our) (?:folder|project|directory)))*|ls|dir"
    r"|what(?:'s| is) in (?:this|the|my|our) (?:folder|project|directory))",
    re.IGNORECASE,
)
_KINDS: Final = {
    "excel": (".xlsx", ".xls", ".xlsm"), "text": (".txt", ".md", ".log"), "markdown": (".md",),
    "data": (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx", ".xls"), "image": (".png", ".jpg", ".svg"),
}  # fmt: skip


def answer(request: PlanRequest) -> str:
    """The answer, in a sentence or two; "" where the words are anything else."""
    words = bare(request.text).rstrip(" ?!.")
    if not words or len(words) > calculator.MOST_CHARS or "\n" in words.strip():
        return ""
    return (
        _files(words, request)
        or days.told(
            words, request.now.astimezone(ZoneInfo(request.preferences.get(ZONE_SLOT, "UTC")))
        )
        or results.told(words, request.conversation)
        or elsewhere.told(words, request.now, request.preferences.get(ZONE_SLOT, "UTC"))
        or _converted(words)
        or _reckoned(words)
    )


def lists_files(request: PlanRequest) -> bool:
    """Whether the words ask which files there are."""
    return bool(_files(bare(request.text).rstrip(" ?!."), request))


def _reckoned(words: str) -> str:
    for asked in (words, _stripped(words)):
        try:
            value = calculator.reckoned(asked)
        except calculator.CannotReckon as error:
            return str(error)
        if value is not None:
            sign = " %" if calculator.PERCENT_RESULT.search(asked) else ""
            mark = "≈" if calculator.is_rounded(value) else "="
            return f"{asked} {mark} {calculator.shown(value)}{sign}"
    return ""


def _stripped(words: str) -> str:
    before = ""
    while before != words:
        before, words = words, _ASKS.sub("", words, count=1) if _ASKS.match(words) else words
    return re.sub(r"^the ", "", words.strip(" =:?"))


def _converted(words: str) -> str:
    asked = _stripped(words)
    several = units.COMPOUND.fullmatch(asked)
    whole = units.compound(several) if several else None
    if several and whole:
        said = asked[: several.start("other")].rsplit(" ", 2)[0]
        return _told(said, whole[0], whole[1], several["other"])
    for match in (units.MANY.fullmatch(words), units.PAIR.fullmatch(asked)):
        if match is None:
            continue
        amount = _amount(match["amount"])
        if amount is None:
            continue
        shown = match["amount"] if "/" in match["amount"] else calculator.shown(amount)
        said = f"{shown} {match['unit'].strip()}"
        told = _told(said, amount, match["unit"], match["other"])
        if told:
            return told
    return ""


def _told(said: str, amount: Decimal, unit: str, other: str) -> str:
    """The amount in the other unit; `said` is how it was put. "" where one of them is no unit."""
    given, wanted = units.unit(unit), units.unit(other)
    if given is None or wanted is None:
        return ""
    if given[0] != wanted[0]:
        return text("{unit} is a {kind} and {other} is a {other_kind}, so one can't be turned into "
                    "the other.", unit=unit.strip(), kind=given[0], other=other.strip(),
                    other_kind=wanted[0])  # fmt: skip
    value = units.converted(amount, given, wanted)
    rounded = round(value, 6)
    mark = "=" if rounded == value else "≈"
    return f"{said} {mark} {calculator.shown(rounded)} {other.strip()}"


def _amount(words: str) -> Decimal | None:
    low = words.casefold()
    if "/" in low:
        whole, _, part = low.rpartition(" ")
        above, _, below = part.partition("/")
        return int(whole or 0) + Decimal(above) / int(below) if int(below) else None
    if low in {"a", "an", "one"}:
        return Decimal(1)
    return Decimal("0.5") if low.startswith("half") else calculator.number_in(low)


def _files(words: str, request: PlanRequest) -> str:
    match = _FILES.fullmatch(words)
    if match is None:
        return ""
    kind = (match["kind"] or match["kind2"] or "").strip().casefold().removeprefix(".")
    endings = _KINDS.get(kind, (f".{kind}",)) if kind else ()
    found = [
        file.path for file in request.files
        if not endings or PurePosixPath(file.path.partition("#")[0]).suffix.casefold() in endings
    ]  # fmt: skip
    if not found:
        return (
            text("There are no such files in the project's folder.")
            if kind
            else text("The project's folder has no files yet.")
        )
    shown = listed([f"`{path}`" for path in found[:FILES_SHOWN]], word="and")
    if len(found) > FILES_SHOWN:
        return text("{n} files, among them {files}.", n=len(found), files=shown)
    return text("In the project's folder: {files}.", files=shown)
