"""Quotas: how much of this installation one person, place or project may take up. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pydantic import Field

from memory.model.base import Model
from memory.model.errors import NotAllowed
from memory.model.text import later


class Counted(StrEnum):
    """What is counted."""

    MESSAGES = "messages"
    """Received in the last hour."""
    PLANS = "plans"
    """Being made, or waiting for somebody."""
    RUNS = "runs"
    """Not over yet."""
    STORAGE = "storage"
    """Bytes of the files in a project's folder."""


class Scope(StrEnum):
    """Whose share it is. A person counts once, wherever they talk."""

    PERSON = "person"
    PLACE = "place"
    PROJECT = "project"
    INSTALLATION = "installation"


GB: Final = 1_000_000_000

Quotas = Mapping[tuple[Scope, Counted], int]
"""The most of each; what isn't in it has no limit."""

DEFAULTS: Final[Quotas] = {
    (Scope.PERSON, Counted.MESSAGES): 300,
    (Scope.PLACE, Counted.MESSAGES): 1_000,
    (Scope.PROJECT, Counted.MESSAGES): 2_000,
    (Scope.INSTALLATION, Counted.MESSAGES): 20_000,
    (Scope.PERSON, Counted.PLANS): 50,
    (Scope.PLACE, Counted.PLANS): 200,
    (Scope.PROJECT, Counted.PLANS): 400,
    (Scope.INSTALLATION, Counted.PLANS): 5_000,
    (Scope.PERSON, Counted.RUNS): 25,
    (Scope.PLACE, Counted.RUNS): 50,
    (Scope.PROJECT, Counted.RUNS): 100,
    (Scope.INSTALLATION, Counted.RUNS): 1_000,
    (Scope.PROJECT, Counted.STORAGE): 20 * GB,
}
"""Far above what people need who talk and work; scripts and mistakes run into them."""

MOST: Final = 10**15


class Share(Model):
    """One limit and how much of it is taken. `subject`: the person's, place's or project's key;
    `most` None: no limit. `chosen`: somebody set it here, in place of the settings' value.
    """

    scope: Scope
    counted: Counted
    subject: str = ""
    most: int | None = Field(default=None, ge=1, le=MOST)
    used: int = 0
    chosen: bool = False

    def has_room(self, more: int = 1) -> bool:
        """Whether so much more fits."""
        return self.most is None or self.used + more <= self.most


FULL: Final[Mapping[tuple[Scope, Counted], str]] = {
    (Scope.PERSON, Counted.MESSAGES): later(
        "I take so many messages an hour from one person: {most}. That was one more, so I "
        "dropped it. Send it again later, or ask an admin of this installation to raise it with `{order}`."
    ),
    (Scope.PLACE, Counted.MESSAGES): later(
        "I take so many messages an hour from one channel: {most}. That was one more, so I dropped "
        "it. Send it again later, or ask the owner of this project to raise it with `{order}`."
    ),
    (Scope.PROJECT, Counted.MESSAGES): later(
        "I take so many messages an hour from the channels of one project: {most}. That was one more, "
        "so I dropped it. Send it again later, or ask the owner to raise it with `{order}`."
    ),
    (Scope.INSTALLATION, Counted.MESSAGES): later(
        "I take so many messages an hour altogether: {most}. That was one more, so I dropped it. Send "
        "it again later, or ask an admin of this installation to raise it with `{order}`."
    ),
    (Scope.PERSON, Counted.PLANS): later(
        "As many of your plans are open as one person may have: {most}. Run or drop some first, or ask an "
        "admin of this installation to raise it with `{order}`."
    ),
    (Scope.PLACE, Counted.PLANS): later(
        "As many plans are open in this channel as it may have: {most}. Run or drop some first, or ask the "
        "owner of this project to raise it with `{order}`."
    ),
    (Scope.PROJECT, Counted.PLANS): later(
        "As many plans are open in this project as it may have: {most}. Run or drop some first, or ask its "
        "owner to raise it with `{order}`."
    ),
    (Scope.INSTALLATION, Counted.PLANS): later(
        "As many plans are open in this installation as it may have: {most}. Run or drop some "
        "first, or ask an admin of it to raise that with `{order}`."
    ),
    (Scope.PERSON, Counted.RUNS): later(
        "As many of your runs are under way as one person may have: {most}. Wait until one is over, or ask an "
        "admin of this installation to raise it with `{order}`."
    ),
    (Scope.PLACE, Counted.RUNS): later(
        "As many runs are under way in this channel as it may have: {most}. Wait until one is over, or ask "
        "the owner of this project to raise it with `{order}`."
    ),
    (Scope.PROJECT, Counted.RUNS): later(
        "As many runs are under way in this project as it may have: {most}. Wait until one is over, or ask "
        "its owner to raise it with `{order}`."
    ),
    (Scope.INSTALLATION, Counted.RUNS): later(
        "As many runs are under way in this installation as it may have: {most}. Wait until one "
        "is over, or ask an admin of it to raise that with `{order}`."
    ),
    (Scope.PROJECT, Counted.STORAGE): later(
        "This project's files may take {most}, and that doesn't fit any more. Delete some, or ask "
        "the owner to raise it with `{order}`."
    ),
}
"""What is said where there's no room: what happened, what to do, and who can raise it."""

_FOR: Final[Mapping[Scope, str]] = {
    Scope.PERSON: " for @{person}",
    Scope.PLACE: " for this channel",
    Scope.PROJECT: "",
    Scope.INSTALLATION: " for everyone",
}


def full(share: Share, person: str) -> NotAllowed:
    """The refusal where the share is used up. `person`: what its person is called."""
    most = share.most or 0
    shown = show_size if share.counted is Counted.STORAGE else "{:,}".format
    order = f"quota {share.counted} {shown(2 * most)}{_FOR[share.scope].format(person=person)}"
    return NotAllowed(FULL[share.scope, share.counted], most=shown(most), order=order)


def show_size(size: int) -> str:
    """Bytes as people read them, such as "20 GB"."""
    for unit, name in ((GB, "GB"), (1_000_000, "MB"), (1_000, "KB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"


_AMOUNT: Final = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d{1,15}(?:\.\d{1,3})?) ?([kmgt]?b?)", re.IGNORECASE
)
_UNITS: Final[Mapping[str, int]] = {"k": 1_000, "m": 1_000_000, "g": GB, "t": 1_000 * GB}


def read_amount(counted: Counted, words: str) -> int | None:
    """The amount in words such as "400" or "5 GB"; None where there is none from 1 on."""
    found = _AMOUNT.fullmatch(words.strip())
    if found is None or (found[2] and counted is not Counted.STORAGE):
        return None
    amount = float(found[1].replace(",", "")) * _UNITS.get(found[2][:1].lower(), 1)
    return int(amount) if 1 <= amount <= MOST else None
