"""Checks of what a task gives: said in its instruction, drafted, or set up by the owner. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from memory.model.agents.spec import INSTRUCTED, AgentSpec, Catalogue
from memory.model.base import name_key
from memory.model.work.check import ByProgram, Chars, Check, Contains, Format, NoSecrets, Words
from memory.model.work.graph import Task
from planner.compiling.lengths import NUMBER, WRITING, number_of, words_of
from planner.draft import DraftCheck, DraftTask
from planner.names import listed

KINDS: Final = ("words", "chars", "format", "shape", "contains", "no_secrets", "program")

QUOTE: Final = r"(?:“[^”]{1,200}”|\"[^\"]{1,200}\")"
QUOTES: Final = rf"{QUOTE}(?:(?:,|,? and) {QUOTE}){{0,9}}"

_CHECK: Final[TypeAdapter[Check]] = TypeAdapter(Check)
_FORMAT: Final = re.compile(
    r"\b(?:(?:as|be|return|output|produce|give back|(?:reply|answer)(?: with| in)?) (?:only )?valid"
    r"|(?:return|output|(?:reply|answer)(?: with| in)) only) (?P<format>json|csv|markdown)\b",
    re.IGNORECASE,
)
_CONTAINS: Final = re.compile(
    r"\b(?:must|has to|needs to|should) (?:also )?(?:contain|mention|include)\s+"
    rf"(?:the (?:words?|phrases?|text|sentence|names?)\s+)?(?P<texts>{QUOTES})",
    re.IGNORECASE,
)
_QUOTE: Final = re.compile(QUOTE)
_CHARS: Final = re.compile(
    rf"\b(?:at most|no more than|not more than|up to|max(?:imum)?(?: of)?) (?P<most>{NUMBER})"
    r" (?:characters|chars)\b",
    re.IGNORECASE,
)
_SECRETS: Final = re.compile(
    r"\bmust not (?:contain|hold|include) (?:any )?(?:secrets|passwords|keys)\b", re.IGNORECASE
)


def checks_of(task: DraftTask, spec: AgentSpec, catalogue: Catalogue) -> tuple[Check, ...]:
    """Every check of the task, none twice. Raises ValueError, in a sentence, for an unknown one."""
    drafted = [_drafted(one, spec, catalogue) for one in task.checks]
    said = said_in(task.type, task.instruction) if spec.kind in INSTRUCTED else ()
    kinds = {one.kind for one in drafted if isinstance(one, Words | Chars | Format)}
    found = [*(one for one in said if one.kind not in kinds), *drafted]
    found += [
        ByProgram(name=owner.name)
        for owner in catalogue.checks
        if name_key(task.type) in {name_key(one) for one in owner.task_types}
    ]
    return tuple(one for at, one in enumerate(found) if one not in found[:at])


def said_in(task_type: str, instruction: str) -> tuple[Check, ...]:
    """What the words of an instruction demand of the text that is written."""
    if task_type.casefold() not in WRITING:
        return ()
    words = words_of(task_type, instruction)
    return (*([words] if words else []), *_said(instruction))


def drafts_of(task: Task) -> tuple[DraftCheck, ...]:
    """The checks of a planned task that its instruction does not say, as drafted."""
    known = said_in(task.type, task.instruction)
    return tuple(_as_draft(one) for one in task.checks if one not in known)


def unknown_check(name: str, catalogue: Catalogue) -> str:
    """The sentence for a check that is not set up here."""
    names = [one.name for one in catalogue.checks]
    there = f"there is {listed(names, word='and')}" if names else "the settings name none"
    return f"There is no check {name} here; {there}."


def _said(instruction: str) -> Iterator[Check]:
    formats = {found["format"].lower() for found in _FORMAT.finditer(instruction)}
    if len(formats) == 1:
        yield Format.model_validate({"format": formats.pop()})
    for found in _CONTAINS.finditer(instruction):
        yield from (Contains(text=one[1:-1]) for one in _QUOTE.findall(found["texts"]))
    counts = {number_of(found["most"]) for found in _CHARS.finditer(instruction)}
    if len(counts) == 1 and 1 <= (most := counts.pop()) <= 1_000_000:
        yield Chars(most=most)
    if _SECRETS.search(instruction):
        yield NoSecrets()


def _drafted(said: DraftCheck, spec: AgentSpec, catalogue: Catalogue) -> Check:
    kind, value = name_key(said.kind), (said.value or "").strip()
    if kind == "program":
        for owner in catalogue.checks:
            if name_key(owner.name) == name_key(value):
                return ByProgram(name=owner.name)
        raise ValueError(unknown_check(value, catalogue))
    if kind not in KINDS:
        raise ValueError(f"there is no check {said.kind}; use {listed(KINDS, word='or')}.")
    if spec.kind not in INSTRUCTED:
        raise ValueError(f"only what an agent writes can be checked for its {kind}.")
    try:
        return _CHECK.validate_python(_fields(kind, value, said))
    except (ValidationError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"its check {kind} cannot be read: give {_WANTED[kind]}.") from error


_WANTED: Final = {
    "words": "`least` or `most`, and no more for the first than for the second",
    "chars": "`most`",
    "format": "json, markdown or csv as `value`",
    "shape": "a JSON schema as `value`",
    "contains": "the text as `value`",
    "no_secrets": "nothing more",
}


def _fields(kind: str, value: str, said: DraftCheck) -> dict[str, Any]:
    match kind:
        case "words":
            return {"kind": kind, "least": said.least, "most": said.most}
        case "chars":
            return {"kind": kind, "most": said.most}
        case "format":
            return {"kind": kind, "format": name_key(value)}
        case "shape":
            return {"kind": kind, "shape": json.loads(value)}
        case "contains":
            return {"kind": kind, "text": value}
        case _:
            return {"kind": kind}


def _as_draft(check: Check) -> DraftCheck:
    fields = check.model_dump()
    value = fields.get("name") or fields.get("text") or fields.get("format")
    if "shape" in fields:
        value = json.dumps(fields["shape"])
    return DraftCheck(
        kind=check.kind, value=value, least=fields.get("least"), most=fields.get("most")
    )
