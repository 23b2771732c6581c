"""Checks of what an agent gave back, and of what is about to be published.

`wrong` is pure. A check by a program runs only what the owner's settings name.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from pydantic import JsonValue

from executor.agents.port import Argument, Call
from memory.model.agents.spec import AgentSpec, EffectClass
from memory.model.base import canonical_json
from memory.model.errors import AgentMisbehaved, BadInput
from memory.model.work.check import (
    ByProgram,
    Chars,
    Check,
    Contains,
    Format,
    NoSecrets,
    Shape,
    Words,
)
from memory.model.work.graph import Task
from memory.model.work.value import (
    File,
    Json,
    Table,
    Text,
    Value,
)

Redact = Callable[[str], str]

SHOWN = 3
MESSAGE_CHARS = 200
NESTED = 64
"""JSON deeper than this is not looked at, and fails."""

_WORD = re.compile(r"\w+(?:[-'’.,/]\w+)*")
_FENCED = re.compile(r"\A\s*```[\w-]*\n(?P<inside>.*)\n```\s*\Z", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)


def checked(value: Value, task: Task, spec: AgentSpec, *, redact: Redact) -> Value:
    """The value. Raises AgentMisbehaved where it fails a check, saying all that is wrong."""
    found = wrong(value, task.checks, redact=redact)
    if found:
        raise AgentMisbehaved(
            "{title} gave back something else than asked: {found}",
            title=spec.title,
            found=told(found),
        )
    return value


def told(found: Sequence[str]) -> str:
    """What is wrong in a sentence or a few."""
    shown = " ".join(found[:SHOWN])
    return shown if len(found) <= SHOWN else f"{shown} And {len(found) - SHOWN} more."


def wrong(value: Value, checks: Sequence[Check], *, redact: Redact) -> tuple[str, ...]:
    """A sentence for each check that fails."""
    return tuple(said for check in checks for said in _wrong(value, check, redact))


def before_publishing(task: Task, call: Call, *, redact: Redact) -> None:
    """Let nothing out that looks like a secret, nor what cannot be looked at.

    Raises BadInput: neither another try nor another agent would mend it.
    """
    if not any(effect.effect is EffectClass.PUBLISH for effect in task.effects):
        return
    texts = [
        task.instruction,
        *(text for given in call.inputs.values() for text in _said(given, call)),
    ]
    if any(redact(text) != text for text in texts):
        raise BadInput(
            "{title} holds what looks like a key or a password, so it was not published; "
            "take it out and ask again.",
            title=task.title,
        )


def _said(given: Argument | Sequence[Argument], call: Call) -> Iterator[str]:
    match given:
        case Text() | Table() | Json():
            yield _text(given)
        case File(path=path):
            # Whatever the file is; without its zeros UTF-16 reads like ASCII. BadInput if unreadable.
            yield call.files.read(path).replace(b"\0", b"").decode(errors="replace")
        case str():
            yield given
        case list() | tuple() if any(isinstance(one, Text | Table | Json | File) for one in given):
            for one in given:
                yield from _said(one, call)
        case _:
            yield json.dumps(given, ensure_ascii=False, default=str)


def _wrong(value: Value, check: Check, redact: Redact) -> Iterator[str]:
    match check:
        case Words():
            yield from _words(_text(value), check)
        case Chars() | Contains() | NoSecrets():
            yield from _content(_text(value), check, redact)
        case Format():
            yield from _format(value, check)
        case Shape(shape=shape):
            yield from _shape(value, shape)
        case ByProgram():
            pass  # run by the hooks, beside this
        case _:
            assert_never(check)


def _content(text: str, check: Chars | Contains | NoSecrets, redact: Redact) -> Iterator[str]:
    match check:
        case Chars(most=most):
            if len(text) > most:
                yield f"It has {len(text):,} characters; at most {most:,} were asked for."
        case Contains(text=wanted):
            if wanted.casefold() not in text.casefold():
                yield f"It does not contain “{wanted}”."
        case NoSecrets():
            if redact(text) != text:
                yield "It holds what looks like a key or a password."
        case _:
            assert_never(check)


def _words(text: str, check: Words) -> Iterator[str]:
    count = len(_WORD.findall(text))
    least = (check.least or 0) * (100 - check.slack_percent) / 100
    most = None if check.most is None else check.most * (100 + check.slack_percent) / 100
    if count < least or (most is not None and count > most):
        yield f"It has {count:,} words; {_asked(check)} were asked for."


def _asked(check: Words) -> str:
    if check.least is None:
        return f"at most {check.most:,}"
    if check.most is None:
        return f"at least {check.least:,}"
    return f"{check.least:,} to {check.most:,}"


def _format(value: Value, check: Format) -> Iterator[str]:
    match check.format:
        case "json":
            try:
                _json(value)
            except ValueError as error:
                yield f"It is not JSON: {str(error)[:MESSAGE_CHARS]}."
        case "csv":
            yield from _csv(value)
        case "markdown":
            if not isinstance(value, Text):
                yield "It is not Markdown."
            elif len(_FENCE.findall(value.text)) % 2:
                yield "A code block in it is not closed."
        case _:
            assert_never(check.format)


def _csv(value: Value) -> Iterator[str]:
    if isinstance(value, Table):
        return
    try:
        rows = [row for row in csv.reader(io.StringIO(_bare(value)), strict=True) if row]
    except csv.Error as error:
        yield f"It is not CSV: {error}."
        return
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        yield "It is not CSV: its rows have different numbers of columns."


def _shape(value: Value, shape: dict[str, JsonValue]) -> Iterator[str]:
    # 0.1 s that only tasks with a schema should pay.
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - only where a schema is checked
    from referencing import Registry  # noqa: PLC0415 - only where a schema is checked
    from referencing.exceptions import Unresolvable  # noqa: PLC0415 - only where a schema is checked

    try:
        found = _json(value)
    except ValueError as error:
        yield f"It is not JSON: {str(error)[:MESSAGE_CHARS]}."
        return
    try:
        # An empty registry: nothing is fetched for a reference.
        for misfit in Draft202012Validator(shape, registry=Registry()).iter_errors(found):
            yield f"At {misfit.json_path} it does not fit the schema: {misfit.message[:MESSAGE_CHARS]}."
    except Unresolvable:
        yield "The schema refers to something that is not in it."


def _json(value: Value) -> JsonValue:
    """The JSON in it. Raises ValueError."""
    if isinstance(value, Json):
        return value.value
    text = _bare(value)
    if max(_depths(text), default=0) > NESTED:
        raise ValueError("it is nested too deeply")
    found: JsonValue = json.loads(text, parse_constant=_no_constant)
    return found


def _depths(text: str) -> Iterator[int]:
    depth = 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        yield depth


def _no_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} is no number in JSON")


def _bare(value: Value) -> str:
    text = _text(value)
    found = _FENCED.match(text)
    return found["inside"] if found else text


def _text(value: Value) -> str:
    match value:
        case Text(text=text):
            return text
        case Table(columns=columns, rows=rows):
            return "\n".join([", ".join(columns), *(", ".join(map(str, row)) for row in rows)])
        case Json(value=inside):
            return canonical_json(inside).decode()
        case File(path=path, title=title):
            return f"{path} {title}"
        case _:
            assert_never(value)
