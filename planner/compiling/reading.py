"""JSON as a model writes it: in fences, among prose, behind its thoughts. Pure."""

import json
import math
import re
from collections.abc import Iterator
from typing import NoReturn

from pydantic import JsonValue

from memory.model.limits import JSON_DEPTH, OUTPUT_BYTES
from memory.model.wires.thoughts import without_thoughts

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OBJECT = re.compile(r'\{\s*(?:["}]|\Z)')
"""Where an object may begin; {other} braces are prose."""

_BRACKET = re.compile(r"[\[\]{}]")


def read_json(text: str) -> JsonValue:
    """The JSON value in an answer: alone, in a fence, or between sentences, whose braces don't count.

    Raises ValueError, with a reason for the model, for anything else: too long, too deep, NaN or a
    number past all bounds, cut off, or no JSON at all.
    """
    if len(text) > OUTPUT_BYTES:
        raise ValueError("the answer is longer than 1 MB")
    answer = _answer(text)
    if answer.startswith("["):
        return read_value(answer)
    found = max(_objects(answer), key=lambda read: read[1], default=None)
    if found is None:
        raise ValueError("there is no JSON object in the answer")
    return found[0]


def read_value(text: str) -> JsonValue:
    """The text as one JSON value and nothing else. Raises ValueError as `read_json`."""
    if len(text) > OUTPUT_BYTES:
        raise ValueError("it is longer than 1 MB")
    _check_depth(text)
    try:
        value: JsonValue = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error.msg} at character {error.pos}") from None
    return value


def holds_json(text: str) -> bool:
    """Whether JSON was meant. Broken JSON is a slip with its own repair turn; prose is not JSON."""
    return _OBJECT.search(_answer(text[:OUTPUT_BYTES])) is not None


def _answer(text: str) -> str:
    return without_thoughts(text.strip().removeprefix("\ufeff")).strip()


def _objects(text: str) -> Iterator[tuple[JsonValue, int]]:
    """Every object with its length; the longest is the answer, shorter ones are examples.

    Raises ValueError where one breaks off: what stands within it is no answer by itself.
    """
    decoder = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
    found = _OBJECT.search(text)
    while found is not None:
        try:
            value, end = decoder.raw_decode(text, found.start())
        except json.JSONDecodeError as error:
            raise ValueError(f"not valid JSON: {error.msg} at character {error.pos}") from None
        except RecursionError:
            raise _too_deep() from None
        _check_depth(text[found.start() : end])
        yield value, end - found.start()
        found = _OBJECT.search(text, end)


def _check_depth(text: str) -> None:
    depth = 0
    for char in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if char in "[{" else -1
        if depth > JSON_DEPTH:
            raise _too_deep()


def _too_deep() -> ValueError:
    return ValueError(f"the JSON is nested deeper than {JSON_DEPTH} levels")


def _finite(number: str) -> float:
    """A number that a float can hold: 1e999 would become infinite, and a cap of it none."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number[:40]} is not a number that can be used")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON value")
