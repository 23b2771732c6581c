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
            "{title} did not answer in time.", detail=repr(error), title=title
        ) from error
    except openai.APIResponseValidationError as error:
        raise _nonsense(title, error) from error
    except openai.APIConnectionError as error:
        raise _by_cause(endpoint, error) from error
    except (openai.APIError, httpx2.TransportError) as error:  # in the middle of the stream
        raise AgentUnavailable(broke_off(title), detail=str(error)) from error
    except (json.JSONDecodeError, UnicodeDecodeError, *ODD) as error:
        # The SDK does not check what it parses; odd shapes fail where a field is first used.
        raise _nonsense(title, error) from error


def _by_cause(endpoint: ModelEndpoint, error: "APIConnectionError") -> OrchestraError:
    import httpx2  # noqa: PLC0415 - comes with openai, see the agent

    cause = error.__cause__
    if isinstance(cause, OrchestraError):  # our own look at what came
        return cause
    told = broke_off(endpoint.title)
    if isinstance(cause, httpx2.ConnectError):
        told = f"{endpoint.title} cannot be reached at {_place(endpoint)}; check that it runs."
    return AgentUnavailable(told, detail=repr(cause or error))


def _nonsense(title: str, error: Exception) -> AgentMisbehaved:
    return AgentMisbehaved(
        "{title} sent a reply that cannot be read.", detail=repr(error), title=title
    )


def _by_status(endpoint: ModelEndpoint, error: "APIStatusError") -> OrchestraError:
    title, detail = endpoint.title, f"{error.status_code} {error.message}"[:500]
    status = error.status_code
    if status == 429:
        return _too_many(title, error, detail)
    if status in LATE:
        return AgentUnavailable("{title} did not answer in time.", detail=detail, title=title)
    if status >= 500:
        sentence = f"{title} is out of order at the moment ({status})."
        return AgentUnavailable(sentence, detail=detail, retry_after_s=_retry_after(error))
    if str(getattr(error, "code", "")) in DECLINED:
        return AgentDeclined(declined(title), detail=detail)
    return AgentRejected(_refused(endpoint, status), detail=detail)


def broke_off(title: str) -> str:
    """What to say of a reply that stopped before its end."""
    return f"{title} broke off its reply."


def declined(title: str) -> str:
    """What to say of a task that a model will not do."""
    return f"{title} declined this task; word it differently or choose another agent."


def _refused(endpoint: ModelEndpoint, status: int) -> str:
    title, key = endpoint.title, KEYS.get(endpoint.provider, "its api_key in orchestra.toml")
    match status:
        case 401:
            return f"The key for {title} was refused; check {key}."
        case 402:
            return _quota(title)
        case 403:
            return f"{title} does not allow this with its key; check what {key} may do."
        case 404:
            return f"{title} has no model {endpoint.model}; check its name and {_place(endpoint)}."
        case 413:
            return f"{title} was given too much text; give it less."
        case _:
            return f"{title} did not accept the request ({status}); give it less, or another agent."


def _too_many(title: str, error: "APIStatusError", detail: str) -> OrchestraError:
    words = f"{getattr(error, 'code', '')} {error.message}".casefold()
    if "insufficient_quota" in words or "billing" in words or "credit balance" in words:
        return AgentRejected(_quota(title), detail=detail)
    return AgentBusy(
        "{title} has too many requests at the moment.",
        detail=detail,
        retry_after_s=_retry_after(error),
        title=title,
    )


def _quota(title: str) -> str:
    return f"The account for {title} has no credit left; top it up or choose another agent."


def _retry_after(error: "APIStatusError") -> float | None:
    headers = error.response.headers
    told = headers.get("retry-after", "")
    try:
        seconds = float(told)
    except ValueError:
        # A date. Counted from the server's own clock, so that ours may be wrong.
        until, now = _date(told), _date(headers.get("date", ""))
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


def _place(endpoint: ModelEndpoint) -> str:
    return endpoint.base_url.rstrip("/")
