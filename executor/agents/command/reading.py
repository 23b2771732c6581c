"""What a command-line agent writes, as one answer: plain text, or a stream of JSON events.

The events are those of Claude Code (`stream-json`), Codex (`--json`) and Gemini CLI
(`stream-json`); what is not known is passed over, and what is no event is text.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from memory.model.money import USD
from memory.model.text import text
from memory.model.wires.turns import count
from memory.model.work.run import Usage

NAMES = ("name", "command", "tool_name", "file_path", "path")


class Listener:
    """Gets the output line by line, and says in a few words what is under way."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._texts: list[str] = []
        self._final = ""
        self.problem = ""
        self._events = False
        self._usage = Usage(requests=1, cost_micro_usd=None)

    def hear(self, line: bytes) -> None:
        """Take in one line of the output. Raises nothing."""
        event = _event(line)
        if event is None:
            return
        self._events = True
        self._texts += _texts(event)
        for words in _doings(event):
            self._say(words)
        self._end(event)

    def answer(self, out: bytes) -> str:
        """The answer; the whole output if it wasn't a stream of events."""
        if not self._events:
            return out.decode(errors="replace").strip()
        return (self._final or "".join(self._texts)).strip()

    @property
    def usage(self) -> Usage:
        """Tokens and cost, as far as the program reported them."""
        return self._usage

    def _end(self, event: dict[str, Any]) -> None:
        if _word(event, "type") in {"error", "turn.failed"} or event.get("is_error") is True:
            problem = _word(event.get("error", event), "message") or _word(event, "result")
            self.problem = problem or text("it failed")
        self._final = _word(event, "result") or _word(event, "response") or self._final
        usage = event.get("usage") or event.get("stats")
        if isinstance(usage, dict):
            self._usage = Usage(
                tokens_in=_number(usage, "input_tokens"),
                tokens_out=_number(usage, "output_tokens"),
                requests=1,
                cost_micro_usd=_cost(event),
            )


def _event(line: bytes) -> dict[str, Any] | None:
    if not line.lstrip().startswith(b"{"):
        return None
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    known = isinstance(event, dict) and ("type" in event or "response" in event)
    return event if known else None


def _texts(event: dict[str, Any]) -> Iterator[str]:
    """Codex gives whole messages, Gemini pieces of one; the last message is the answer."""
    item = event.get("item")
    if isinstance(item, dict) and item.get("type") == "agent_message":
        yield f"\n\n{_word(item, 'text')}"
    if event.get("type") == "message" and event.get("role") == "assistant":
        yield _word(event, "content")


def _doings(event: dict[str, Any]) -> Iterator[str]:
    """What it does now: the commands and tools it uses."""
    kind = _word(event, "type")
    if kind == "tool_use":
        yield _named(event)
    item = event.get("item")
    if kind == "item.started" and isinstance(item, dict):
        yield _named(item)
    message = event.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict) and part.get("type") == "tool_use":
            yield _named(part)


def _named(thing: dict[str, Any]) -> str:
    given = thing.get("input") or thing.get("parameters")
    places = (thing, given) if isinstance(given, dict) else (thing,)
    words = [word for place in places for name in NAMES if (word := _word(place, name))]
    return " ".join(words) or _word(thing, "type").replace("_", " ")


def _cost(event: dict[str, Any]) -> int | None:
    cost = event.get("total_cost_usd")
    if isinstance(cost, bool) or not isinstance(cost, int | float) or not 0 <= cost < 1_000_000:
        return None
    return round(float(cost) * USD)


def _word(thing: object, name: str) -> str:
    word = thing.get(name) if isinstance(thing, dict) else None
    return word if isinstance(word, str) else ""


def _number(thing: dict[str, Any], name: str) -> int:
    return count(thing.get(name)) or 0
