"""What a workspace holds."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class User:
    id: str
    name: str
    bot_id: str = ""
    marks: dict[str, object] = field(default_factory=dict)
    """What users.info says of them besides, such as is_restricted."""


@dataclass
class Channel:
    id: str
    name: str
    kind: str = "channel"  # channel | group | im
    archived: bool = False
    members: set[str] = field(default_factory=set)


@dataclass
class File:
    id: str
    name: str
    owner: str
    data: bytes = b""
    title: str = ""
    mimetype: str = ""
    complete: bool = False
    looks: int = 0
    shared_in: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[File] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edits: int = 0
    edited: str = ""
    """When its author changed it last."""
    stamp: int = 0

    @property
    def buttons(self) -> list[Json]:
        """What can be pressed; each of the two halves of feedback buttons by itself."""
        rows = [block["elements"] for block in self.blocks if "actions" in block["type"]]
        return [button for row in rows for element in row for button in _pressable(element)]

    @property
    def shown(self) -> str:
        """What a person reads: the blocks if there are any, else the text."""
        texts = [text for block in self.blocks for text in words_of(block)]
        return "\n\n".join(texts) or self.text


def _pressable(element: Json) -> list[Json]:
    if element["type"] != "feedback_buttons":
        return [element]
    shared = {"type": element["type"], "action_id": element["action_id"]}
    return [element[name] | shared for name in ("positive_button", "negative_button")]


def words_of(block: Json) -> list[str]:
    """The texts of a block that shows any."""
    match block["type"]:
        case "section" | "header":
            parts = [block["text"]] if "text" in block else []
            return [part["text"] for part in (*parts, *block.get("fields", ()))]
        case "table":
            return ["\n".join("  ".join(cell["text"] for cell in row) for row in block["rows"])]
        case "context":
            return [part["text"] for part in block["elements"]]
        case _:
            return []


@dataclass
class View:
    id: str
    user: str
    content: Json
    open: bool = True


class State:
    """Users, channels, messages, files and views, by id; time that never repeats."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.user_groups: dict[str, set[str]] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.statuses: list[tuple[str, str]] = []
        """What was said under which thread, in order."""
        self.prompts: dict[str, list[Json]] = {}
        self.pins: list[tuple[str, str]] = []
        self.homes: dict[str, list[Json]] = {}
        self.triggers: dict[str, str] = {}
        self.whispers: list[tuple[str, str, list[Json]]] = []
        self._numbers = iter(range(1, 10**9))
        self._ts = self._stamps()

    def ts(self) -> str:
        return next(self._ts)

    def id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):08d}"

    def touched(self, message: Message) -> None:
        """It is the newest change."""
        message.stamp = next(self._numbers)

    def thread(self, channel: str, thread: str) -> list[Message]:
        """The root and its replies, oldest first."""
        found = [
            message
            for (where, ts), message in self.messages.items()
            if where == channel and thread in (ts, message.thread_ts)
        ]
        return sorted(found, key=lambda message: message.ts)

    def _stamps(self) -> Iterator[str]:
        last = 0
        while True:
            last = max(last + 1, time.time_ns() // 1000)
            yield f"{last // 1_000_000}.{last % 1_000_000:06d}"
