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

from executor.port import Argument, Call
from memory.model.agents.spec import AgentSpec, EffectClass
from memory.model.base import canonical_json
from memory.model.errors import AgentMisbehaved, BadInput
from memory.model.text import text
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
from memory.model.work.value import File, Json, Table, Text, Value
from memory.privacy.redaction import MARK

Redact = Callable[[str], str]

SHOWN = 3
MESSAGE_CHARS = 200
NESTED = 64
"""Deeper JSON isn't looked at, and fails."""

_WORD = re.compile(r"\w+(?:[-'’.,/]\w+)*")
_FENCED = re.compile(r"\A\s*```[\w-]*\n(?P<inside>.*)\n```\s*\Z", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)


def checked(value: Value, task: Task, spec: AgentSpec, *, redact: Redact) -> Value:
    """The value. Raises AgentMisbehaved where it fails a check, saying all that is wrong."""
    problems = wrong(value, task.checks, redact=redact)
    if problems:
        raise AgentMisbehaved(
            "{title} didn't return what was asked for: {problems}",
            title=spec.title,
            problems=_together(problems),
        )
    return value


def _together(problems: Sequence[str]) -> str:
    shown = " ".join(problems[:SHOWN])
    if len(problems) <= SHOWN:
        return shown
    return text("{problems} And {n} more.", problems=shown, n=len(problems) - SHOWN)


def wrong(value: Value, checks: Sequence[Check], *, redact: Redact) -> tuple[str, ...]:
    """A sentence for each check that fails."""
    return tuple(problem for check in checks for problem in _wrong(value, check, redact))


def before_publishing(task: Task, call: Call, *, redact: Redact) -> None:
    """Let nothing out that looks like a secret or had one blotted out, nor what can't be looked at.

    Raises BadInput: neither another attempt nor another agent would fix it.
    """
    if not any(effect.effect is EffectClass.PUBLISH for effect in task.effects):
        return
    texts = [
        task.instruction,
        *(words for given in call.inputs.values() for words in _words_of(given, call)),
    ]
    if any(MARK in words or redact(words) != words for words in texts):
        raise BadInput(
            "{title} contains what looks like a key or a password, so it wasn't published. "
            "Remove it and ask again.",
            title=task.title,
        )


def _words_of(given: Argument | Sequence[Argument], call: Call) -> Iterator[str]:
    match given:
        case Text() | Table() | Json():
            yield _text(given)
        case File(path=path):
            # Whatever the file is; without its zeros UTF-16 reads like ASCII. BadInput if unreadable.
            yield call.files.read(path).replace(b"\0", b"").decode(errors="replace")
        case str():
            yield given
        case list() | tuple() if any(
            isinstance(item, Text | Table | Json | File) for item in given
        ):
            for item in given:
                yield from _words_of(item, call)
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


def _content(words: str, check: Chars | Contains | NoSecrets, redact: Redact) -> Iterator[str]:
    match check:
        case Chars(most=most):
            if len(words) > most:
                yield text(
                    "It has {count:,} characters, but at most {most:,} were asked for.",
                    count=len(words),
                    most=most,
                )
        case Contains(text=wanted):
            if wanted.casefold() not in words.casefold():
                yield text("It doesn't contain “{wanted}”.", wanted=wanted)
        case NoSecrets():
            if redact(words) != words:
                yield text("It contains what looks like a key or a password.")
        case _:
            assert_never(check)


def _words(words: str, check: Words) -> Iterator[str]:
    count = len(_WORD.findall(words))
    least = (check.least or 0) * (100 - check.slack_percent) / 100
    most = None if check.most is None else check.most * (100 + check.slack_percent) / 100
    if count < least or (most is not None and count > most):
        yield _asked(count, check)


def _asked(count: int, check: Words) -> str:
    if check.least is None:
        return text(
            "It has {count:,} words, but at most {most:,} were asked for.",
            count=count,
            most=check.most,
        )
    if check.most is None:
        return text(
            "It has {count:,} words, but at least {least:,} were asked for.",
            count=count,
            least=check.least,
        )
    return text(
        "It has {count:,} words, but {least:,} to {most:,} were asked for.",
        count=count,
        least=check.least,
        most=check.most,
    )


def _format(value: Value, check: Format) -> Iterator[str]:
    match check.format:
        case "json":
            try:
                _json(value)
            except ValueError as error:
                yield _not_json(error)
        case "csv":
            yield from _csv(value)
        case "markdown":
            if not isinstance(value, Text):
                yield text("It isn't Markdown.")
            elif len(_FENCE.findall(value.text)) % 2:
                yield text("It has a code block that isn't closed.")
        case _:
            assert_never(check.format)


def _csv(value: Value) -> Iterator[str]:
    if isinstance(value, Table):
        return
    try:
        rows = [row for row in csv.reader(io.StringIO(_bare(value)), strict=True) if row]
    except csv.Error as error:
        yield text("It isn't CSV: {reason}.", reason=error)
        return
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        yield text("It isn't CSV: its rows have different numbers of columns.")


def _shape(value: Value, shape: dict[str, JsonValue]) -> Iterator[str]:
    # 0.1 s that only tasks with a schema should pay.
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - only where a schema is checked
    from referencing import Registry  # noqa: PLC0415 - only where a schema is checked
    from referencing.exceptions import Unresolvable  # noqa: PLC0415 - only where a schema is checked

    try:
        data = _json(value)
    except ValueError as error:
        yield _not_json(error)
        return
    try:
        # An empty registry: nothing is fetched for a reference.
        for misfit in Draft202012Validator(shape, registry=Registry()).iter_errors(data):
            yield text(
                "At {place} it doesn't fit the schema: {reason}.",
                place=misfit.json_path,
                reason=misfit.message[:MESSAGE_CHARS],
            )
    except Unresolvable:
        yield text("The schema refers to something that isn't in it.")


def _not_json(error: ValueError) -> str:
    return text("It isn't JSON: {reason}.", reason=str(error)[:MESSAGE_CHARS])


def _json(value: Value) -> JsonValue:
    """The JSON in it. Raises ValueError."""
    if isinstance(value, Json):
        return value.value
    words = _bare(value)
    if max(_depths(words), default=0) > NESTED:
        raise ValueError("it is nested too deeply")
    data: JsonValue = json.loads(words, parse_constant=_no_constant)
    return data


def _depths(words: str) -> Iterator[int]:
    depth = 0
    for letter in words:
        depth += (letter in "[{") - (letter in "]}")
        yield depth


def _no_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} isn't a number in JSON")


def _bare(value: Value) -> str:
    words = _text(value)
    fenced = _FENCED.match(words)
    return fenced["inside"] if fenced else words


def _text(value: Value) -> str:
    match value:
        case Text(text=words):
            return words
        case Table(columns=columns, rows=rows):
            return "\n".join([", ".join(columns), *(", ".join(map(str, row)) for row in rows)])
        case Json(value=inside):
            return canonical_json(inside).decode()
        case File(path=path, title=title):
            return f"{path} {title}"
        case _:
            assert_never(value)
