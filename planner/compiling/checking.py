"""Checks and reviews of what a task gives: from its draft, its words or the settings. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from memory.model.agents.spec import INSTRUCTED, AgentSpec, Catalogue, EffectClass
from memory.model.base import name_key
from memory.model.errors import BadInput
from memory.model.work.check import (
    ByProgram,
    Chars,
    Check,
    Contains,
    Format,
    NoSecrets,
    Review,
    Words,
)
from memory.model.work.graph import Task
from planner.compiling.lengths import NUMBER, WRITING, number_of, words_of
from planner.draft import DraftCheck, DraftTask
from planner.names import listed

KINDS: Final = ("words", "chars", "format", "shape", "contains", "no_secrets", "program")

QUOTE: Final = r"(?:“[^”]{1,200}”|\"[^\"]{1,200}\")"
QUOTES: Final = rf"{QUOTE}(?:(?:,|,? and) {QUOTE}){{0,9}}"

MOST_ROUNDS: Final = 3
"""How often a text is reviewed and revised at most."""

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
    """Every check of the task, none twice. Raises BadInput for an unknown one."""
    drafted = [_drafted(check, spec, catalogue) for check in task.checks]
    instructed = said_in(task.type, task.instruction) if spec.kind in INSTRUCTED else ()
    limits = {check.kind for check in drafted if isinstance(check, Words | Chars | Format)}
    checks = [*(check for check in instructed if check.kind not in limits), *drafted]
    checks += _owned(task.type, catalogue)
    return tuple(check for place, check in enumerate(checks) if check not in checks[:place])


def review_of(task: DraftTask, spec: AgentSpec, catalogue: Catalogue) -> Review | None:
    """The review. Raises BadInput where it can't be made."""
    if task.review is None:
        return None
    reviewer = catalogue.find(task.review.agent)
    if reviewer is None or reviewer.kind not in INSTRUCTED:
        raise BadInput("{agent} can't review it; name a model.", agent=task.review.agent)
    if reviewer.name == spec.name:
        raise BadInput("{agent} can't review what it wrote; name another one.", agent=spec.title)
    if spec.effect != EffectClass.READ or reviewer.effect != EffectClass.READ:
        raise BadInput("only work that changes nothing can be reviewed in rounds.")
    rounds = max(1, min(MOST_ROUNDS, task.review.rounds))
    return Review(agent=reviewer.name, rounds=rounds, criteria=task.review.criteria)


def _owned(task_type: str, catalogue: Catalogue) -> Iterator[Check]:
    for owned in catalogue.checks:
        if name_key(task_type) in map(name_key, owned.task_types):
            yield ByProgram(name=owned.name)


def said_in(task_type: str, instruction: str) -> tuple[Check, ...]:
    """What an instruction demands of the text that is written."""
    if task_type.casefold() not in WRITING:
        return ()
    words = words_of(task_type, instruction)
    return (*([words] if words else []), *_demanded(instruction))


def drafts_of(task: Task) -> tuple[DraftCheck, ...]:
    """The checks of a planned task that its instruction does not say, as drafted."""
    known = said_in(task.type, task.instruction)
    return tuple(_as_draft(check) for check in task.checks if check not in known)


def unknown_check(name: str, catalogue: Catalogue) -> str:
    """The sentence for a check that is not set up here."""
    return str(_unknown(name, catalogue))


def _unknown(name: str, catalogue: Catalogue) -> BadInput:
    names = [check.name for check in catalogue.checks]
    if not names:
        return BadInput("There's no check {name} here; the settings don't name any.", name=name)
    others = listed(names, word="and")
    return BadInput("There's no check {name} here; there is {others}.", name=name, others=others)


def _demanded(instruction: str) -> Iterator[Check]:
    formats = {match["format"].lower() for match in _FORMAT.finditer(instruction)}
    if len(formats) == 1:
        yield Format.model_validate({"format": formats.pop()})
    for match in _CONTAINS.finditer(instruction):
        yield from (Contains(text=quote[1:-1]) for quote in _QUOTE.findall(match["texts"]))
    counts = {number_of(match["most"]) for match in _CHARS.finditer(instruction)}
    if len(counts) == 1 and 1 <= (most := counts.pop()) <= 1_000_000:
        yield Chars(most=most)
    if _SECRETS.search(instruction):
        yield NoSecrets()


def _drafted(draft: DraftCheck, spec: AgentSpec, catalogue: Catalogue) -> Check:
    kind, value = name_key(draft.kind), (draft.value or "").strip()
    if kind == "program":
        for owned in catalogue.checks:
            if name_key(owned.name) == name_key(value):
                return ByProgram(name=owned.name)
        raise _unknown(value, catalogue)
    if kind not in KINDS:
        raise BadInput(
            "there's no check {kind}; use {kinds}.", kind=draft.kind, kinds=listed(KINDS)
        )
    if spec.kind not in INSTRUCTED:
        raise BadInput("only what an agent writes can be checked for its {kind}.", kind=kind)
    try:
        return _CHECK.validate_python(_fields(kind, value, draft))
    except (ValidationError, json.JSONDecodeError, RecursionError) as error:
        raise BadInput(
            "I can't read its check {kind}: give {what}.", kind=kind, what=_WANTED[kind]
        ) from error


_WANTED: Final = {
    "words": "`least` or `most`, and no more for the first than for the second",
    "chars": "`most`",
    "format": "json, markdown or csv as `value`",
    "shape": "a JSON schema as `value`",
    "contains": "the text as `value`",
    "no_secrets": "nothing more",
}


def _fields(kind: str, value: str, draft: DraftCheck) -> dict[str, Any]:
    match kind:
        case "words":
            return {"kind": kind, "least": draft.least, "most": draft.most}
        case "chars":
            return {"kind": kind, "most": draft.most}
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
