"""Errors as RFC 9457 problems: the sentence for people, made from the error's own."""

from typing import Final
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.language.catalogue import ENGLISH, Locale
from bot.render.errors import error_text
from memory.model.base import Model
from memory.model.errors import NotAllowed, OrchestraError

_log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
RETRY_S: Final = 5


class Problem(Model):
    """What went wrong: `detail` is a sentence for people; `able` are those who may do it."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    able: tuple[str, ...] = ()


class Unauthenticated(OrchestraError):
    """Nobody is known to be calling."""

    code = "unauthenticated"


class TooLarge(OrchestraError):
    """The body is larger than any may be."""

    code = "too_large"


class TooMany(OrchestraError):
    """Too many requests in too short a time."""

    code = "too_many"


class Stale(OrchestraError):
    """What is to be changed was changed since it was read."""

    code = "stale"


class NotBuilt(OrchestraError):
    """It's planned and not there yet; nothing pretends to be."""

    code = "not_built"


_STATUS: Final[dict[str, tuple[int, str]]] = {
    "bad_input": (400, "Bad input"),
    "unauthenticated": (401, "Not logged in"),
    "not_allowed": (403, "Not allowed"),
    "not_found": (404, "Not found"),
    "conflict": (409, "Conflict"),
    "stale": (412, "Changed meanwhile"),
    "too_large": (413, "Too large"),
    "budget": (409, "No money left"),
    "too_many": (429, "Too many requests"),
    "misconfigured": (409, "Not set up"),
    "not_built": (501, "Not there yet"),
    "storage": (503, "Storage trouble"),
}
_OTHERWISE: Final = (502, "An agent failed")


def problem_of(error: OrchestraError, _: Locale = ENGLISH) -> Problem:
    """The error for whoever called."""
    status, title = _STATUS.get(error.code, _OTHERWISE)
    able = error.able if isinstance(error, NotAllowed) else ()
    return Problem(
        title=title, status=status, code=error.code, detail=error_text(_, error), able=able
    )


def answer(problem: Problem) -> Response:
    """The problem as it is sent."""
    headers = {"Cache-Control": "no-store"}
    if problem.status in {429, 503}:
        headers["Retry-After"] = str(RETRY_S)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        problem.model_dump_json(), problem.status, headers=headers, media_type=MEDIA_TYPE
    )


def unexpected(reference: str) -> Problem:
    """For an error nobody foresaw; `reference` finds it in the log."""
    detail = ENGLISH(
        "Something unexpected went wrong. Your stored work is safe. Look for `{reference}` in the "
        "log."
    ).format(reference=reference)
    return Problem(title="Unexpected", status=500, code="internal", detail=detail)


def add_to(app: FastAPI) -> None:
    """Have the app answer every error so."""
    app.add_exception_handler(OrchestraError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


async def _unforeseen(request: Request, error: Exception) -> Response:
    reference = uuid4().hex[:8]
    _log.error("request failed", reference=reference, path=request.url.path, exc_info=error)
    return answer(unexpected(reference))


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, OrchestraError)
    web = request.app.state.web
    if error.retryable:
        _log.warning("request failed", path=request.url.path, reason=error.detail)
    return answer(problem_of(error, web.locale))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    del request
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    said = str(first["msg"]).removeprefix("Value error, ")
    problem = f"{where}: {said[:1].lower()}{said[1:]}"[:300]
    return answer(Problem(title="Bad input", status=422, code="bad_input", detail=f"{problem}."))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    del request
    title, code = {
        404: ("Not found", "not_found"),
        405: ("Not possible", "bad_input"),
    }.get(error.status_code, ("Bad input", "bad_input"))
    sentences = {
        404: ENGLISH("There's nothing at this address."),
        405: ENGLISH("This address can't be called that way."),
    }
    detail = sentences.get(error.status_code, ENGLISH("That request can't be read."))
    return answer(Problem(title=title, status=error.status_code, code=code, detail=detail))
