"""Keys of the bot's own messages: by them they are sent once, edited, and known again."""

from typing import Final

from memory.model.base import PlanHash, RequestId, RunId
from memory.model.work.request import StoredRequest

RESULT: Final = "done:"
"""Keys of messages that show a run's result begin like this."""

NEED: Final = "need:"
"""Keys of messages that ask for what a command lacks begin like this."""

RULE: Final = "rule:"
"""Keys of messages that propose a rule begin like this."""

BOARD: Final = "board:"
"""Keys of the messages that are boards begin like this."""


def board_over_key(board: str) -> str:
    """The key of the edit that ends the board."""
    return f"over:{board}"


def plan_key(plan: PlanHash) -> str:
    """The key of the message that shows the plan."""
    return f"plan:{plan}"


def questions_key(request: StoredRequest) -> str:
    """The key of the message that asks the request's present round of questions."""
    return asked_key(request.id, request.round)


def asked_key(request: str, round_: int) -> str:
    """The same, by the request's id."""
    return f"questions:{request}:{round_}"


def person_key(wait: str) -> str:
    """The key of the message that asks a person what a running task waits for."""
    return f"person:{wait}"


def questioned(key: str) -> RequestId:
    """The request whose questions the message asks, "" for another message and for its edits."""
    parts = key.split(":")
    asks = len(parts) == 3 and parts[0] == "questions"
    return RequestId(parts[1] if asks else "")


def run_of(key: str) -> RunId:
    """The run whose result the message shows, "" for another message."""
    return RunId(key.removeprefix(RESULT).partition("#")[0] if key.startswith(RESULT) else "")


def rule_key(rule: str) -> str:
    """The key of the message that proposes the rule."""
    return f"{RULE}{rule}"


def rule_of(key: str) -> str:
    """The id of the rule that the message proposes, "" for another message."""
    return key.removeprefix(RULE) if key.startswith(RULE) else ""


def need_key(name: str, event: str) -> str:
    """The key of the message that asks for what the command of this event lacks."""
    return f"{NEED}{name}:{event}"


def need_of(key: str) -> tuple[str, str]:
    """The row of the table and the event that the message asks about, "" for another message."""
    name, _, event = key.removeprefix(NEED).partition(":") if key.startswith(NEED) else ("", "", "")
    return name, event
