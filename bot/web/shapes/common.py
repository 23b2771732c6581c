"""What every list and every picture of a graph looks like."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Path, Query

from memory.model.base import Model
from memory.model.errors import BadInput

T = TypeVar("T")
Row = TypeVar("Row")

MOST: Final = 200
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most")]
Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before")]
InProject = Annotated[str, Query(max_length=200, description="A project's id or name")]
Number = Annotated[int, Path(ge=1, le=1_000_000_000)]
Id = Annotated[str, Path(min_length=1, max_length=200)]
Hash = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="A plan's whole hash")]
Written = Annotated[datetime, "aware, in UTC"]


class Page(Model, Generic[T]):
    """Some of a list; `next` is the cursor of what follows, null at its end."""

    items: tuple[T, ...]
    next: str | None = None


class Empty(Model):
    """Nothing more is to be said."""


def page_of(
    rows: Sequence[Row], limit: int, shaped: Callable[[Row], T], key: Callable[[Row], object]
) -> Page[T]:
    """A page of the rows, which are one more than the limit where something follows."""
    shown = rows[:limit]
    more = encode(key(shown[-1])) if len(rows) > limit else None
    return Page(items=tuple(shaped(row) for row in shown), next=more)


def encode(key: object) -> str:
    """A place in a list as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def place(cursor: str) -> list[str | int] | None:
    """The place a cursor stands for, None for the beginning. Raises BadInput."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        raise _UNKNOWN from None
    if not isinstance(found, list) or not all(isinstance(part, str | int) for part in found):
        raise _UNKNOWN
    return found


def moment_and_id(cursor: str) -> tuple[datetime, str] | None:
    """The same for lists by time. Raises BadInput."""
    found = place(cursor)
    if found is None:
        return None
    try:
        at, key = found
        moment = datetime.fromisoformat(str(at))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC), str(key)
    except ValueError:
        raise _UNKNOWN from None


def number(cursor: str) -> int | None:
    """The same for lists by number. Raises BadInput."""
    found = place(cursor)
    if found is None:
        return None
    if len(found) != 1 or not isinstance(found[0], int) or abs(found[0]) > 2**53:
        raise _UNKNOWN
    return found[0]


_UNKNOWN: Final = BadInput("That cursor isn't one of this list's; begin without one.")
