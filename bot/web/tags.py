"""ETags: what was read before is not sent again, and nobody overwrites what they haven't seen."""

from typing import TypeVar

from fastapi import HTTPException, Request, Response

from bot.web.problems import Stale
from memory.model.base import Model, sha256

T = TypeVar("T", bound=Model)


class Unchanged(HTTPException):
    """The caller has it as it is."""

    def __init__(self, tag: str) -> None:
        super().__init__(304, headers={"ETag": tag})


def tag_of(text: str) -> str:
    """The tag of what is read so."""
    return f'"{sha256(text.encode())[:24]}"'


def fresh(request: Request, response: Response, found: T) -> T:
    """The value, tagged. Raises Unchanged where the caller has it."""
    tag = tag_of(found.model_dump_json())
    if tag in request.headers.get("if-none-match", ""):
        raise Unchanged(tag)
    response.headers["ETag"] = tag
    return found


def must_match(request: Request, now: str | None) -> None:
    """Raise Stale unless the caller has seen what is there now; `now` None: nothing is."""
    seen = request.headers.get("if-match", "").strip()
    if seen == (now or ""):
        return
    raise Stale("It was changed since you read it. Read it again, then change it.")
