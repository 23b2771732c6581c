"""JSON as a model writes it: in fences, after prose, and nested as deep as it likes. Pure."""

import json
import re
from typing import NoReturn

from pydantic import JsonValue

from memory.model.limits import JSON_DEPTH, OUTPUT_BYTES

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_FENCE = re.compile(r"```[A-Za-z0-9_-]*\s*\n(.*?)```", re.DOTALL)


def read_json(text: str) -> JsonValue:
    """The JSON value in the text: alone, in a fence, or after a sentence.

    Raises ValueError, with a reason for the model, for anything else: too long, too deep, NaN,
    cut off, or no JSON at all.
    """
    if len(text) > OUTPUT_BYTES:
        raise ValueError("the answer is longer than 1 MB")
    candidate = _candidate(text.strip().removeprefix("\ufeff"))
    _check_depth(candidate)
    try:
        value: JsonValue = json.loads(candidate, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error.msg} at character {error.pos}") from None
    return value


def _candidate(text: str) -> str:
    if text.startswith(("{", "[")):
        return text
    fenced = _FENCE.search(text)
    if fenced:
        return fenced.group(1).strip()
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("there is no JSON object in the answer")
    return text[start : end + 1]


def _check_depth(text: str) -> None:
    """The standard parser recurses: measure before it is let in."""
    depth = 0
    for char in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if char in "[{" else -1
        if depth > JSON_DEPTH:
            raise ValueError(f"the JSON is nested deeper than {JSON_DEPTH} levels")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON value")
