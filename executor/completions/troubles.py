"""What goes wrong with a model endpoint, sorted by what the executor can do about it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.errors import (
    AgentBusy,
    AgentDeclined,
    AgentMisbehaved,
    AgentRejected,
    AgentUnavailable,
    OrchestraError,
)

if TYPE_CHECKING:
    from openai import APIConnectionError, APIStatusError

KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
    "x-ai": "XAI_API_KEY",
}
LATE = frozenset({408, 409, 425, 499})
DECLINED = frozenset({"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"})
LONGEST_WAIT_S = 3600.0
ODD = (AttributeError, TypeError, RecursionError)
"""What shapes that nobody expects end in, where a field is first used or JSON nests too deep."""


@asynccontextmanager
async def sorted_errors(endpoint: ModelEndpoint) -> AsyncIterator[None]:
    """Raise AgentUnavailable, AgentRejected or AgentMisbehaved instead of the SDK's errors."""
    import httpx2  # noqa: PLC0415 - comes with openai, see the agent
    import openai  # noqa: PLC0415 - 0.9 s that only model tasks should pay

    title = endpoint.title
    try:
        yield
    except openai.APIStatusError as error:
        raise _by_status(endpoint, error) from error
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        raise AgentUnavailable(
            "{title} didn't answer in time.", detail=repr(error), title=title
        ) from error
    except openai.APIResponseValidationError as error:
        raise _nonsense(title, error) from error
    except openai.APIConnectionError as error:
        raise _by_cause(endpoint, error) from error
    except (openai.APIError, httpx2.TransportError) as error:  # in the middle of the stream
        raise broke_off(title, detail=str(error)) from error
    except (json.JSONDecodeError, UnicodeDecodeError, *ODD) as error:
        # The SDK does not check what it parses; odd shapes fail where a field is first used.
        raise _nonsense(title, error) from error


def _by_cause(endpoint: ModelEndpoint, error: "APIConnectionError") -> OrchestraError:
    import httpx2  # noqa: PLC0415 - comes with openai, see the agent

    cause = error.__cause__
    if isinstance(cause, OrchestraError):  # our own look at what came
        return cause
    detail = repr(cause or error)
    if isinstance(cause, httpx2.ConnectError):
        return AgentUnavailable(
            "{title} can't be reached at {url}. Check that it's running.",
            detail=detail,
            title=endpoint.title,
            url=_url(endpoint),
        )
    return broke_off(endpoint.title, detail=detail)


def _nonsense(title: str, error: Exception) -> AgentMisbehaved:
    return AgentMisbehaved(
        "{title} sent a reply that can't be read.", detail=repr(error), title=title
    )


def _by_status(endpoint: ModelEndpoint, error: "APIStatusError") -> OrchestraError:
    title, detail = endpoint.title, f"{error.status_code} {error.message}"[:500]
    status = error.status_code
    if status == 429:
        return _too_many(title, error, detail)
    if status in LATE:
        return AgentUnavailable("{title} didn't answer in time.", detail=detail, title=title)
    if status >= 500:
        return AgentUnavailable(
            "{title} is having trouble right now ({status}).",
            detail=detail,
            retry_after_s=_retry_after(error),
            title=title,
            status=status,
        )
    if str(getattr(error, "code", "")) in DECLINED:
        return declined(title, detail=detail)
    return _refused(endpoint, status, detail)


def broke_off(title: str, *, detail: str) -> AgentUnavailable:
    """The reply stopped before its end."""
    return AgentUnavailable(
        "{title} stopped in the middle of its reply.", detail=detail, title=title
    )


def cut_by_budget(title: str, tokens: int) -> AgentRejected:
    """The answer is as long as what was left of the budget paid for, and not at its end."""
    return AgentRejected(
        "{title}'s answer was cut off: what's left of the budget pays for {tokens:,} tokens, and it "
        "needs more. Raise the budget, then say `retry`.",
        title=title,
        tokens=tokens,
    )


def declined(title: str, *, detail: str) -> AgentDeclined:
    """The model won't do this task."""
    return AgentDeclined(
        "{title} declined this task. Word it differently or choose another agent.",
        detail=detail,
        title=title,
    )


def _no_credit(title: str, detail: str) -> AgentRejected:
    return AgentRejected(
        "The account for {title} has no credit left. Top it up or choose another agent.",
        detail=detail,
        title=title,
    )


def _refused(endpoint: ModelEndpoint, status: int, detail: str) -> AgentRejected:
    facts = {
        "detail": detail,
        "title": endpoint.title,
        "key": KEYS.get(endpoint.provider, "its api_key in orchestra.toml"),
        "model": endpoint.model,
        "url": _url(endpoint),
        "status": str(status),
    }
    match status:
        case 401:
            return AgentRejected("The key for {title} was refused. Check {key}.", **facts)
        case 402:
            return _no_credit(endpoint.title, detail)
        case 403:
            return AgentRejected(
                "{title} doesn't allow this with its key. Check what {key} may do.", **facts
            )
        case 404:
            return AgentRejected("{title} has no model {model}. Check its name and {url}.", **facts)
        case 413:
            return AgentRejected("{title} was given too much text. Give it less.", **facts)
        case _:
            return AgentRejected(
                "{title} didn't accept the request ({status}). Give it less, or use another agent.",
                **facts,
            )


def _too_many(title: str, error: "APIStatusError", detail: str) -> OrchestraError:
    words = f"{getattr(error, 'code', '')} {error.message}".casefold()
    if "insufficient_quota" in words or "billing" in words or "credit balance" in words:
        return _no_credit(title, detail)
    return AgentBusy(
        "{title} is getting too many requests right now.",
        detail=detail,
        retry_after_s=_retry_after(error),
        title=title,
    )


def _retry_after(error: "APIStatusError") -> float | None:
    headers = error.response.headers
    wait = headers.get("retry-after", "")
    try:
        seconds = float(wait)
    except ValueError:
        # A date. Counted from the server's own clock, so that ours may be wrong.
        until, now = _date(wait), _date(headers.get("date", ""))
        if until is None or now is None:
            return None
        seconds = max(0.0, (until - now).total_seconds())
    return min(seconds, LONGEST_WAIT_S) if seconds >= 0 else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _url(endpoint: ModelEndpoint) -> str:
    return endpoint.base_url.rstrip("/")
