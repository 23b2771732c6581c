"""Errors sorted by what the caller can do about them."""

from typing import ClassVar


class OrchestraError(Exception):
    """An ending that has words for a person (`user_text`) and words for the log (`detail`)."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False

    def __init__(self, user_text: str, *, detail: str = "") -> None:
        super().__init__(detail or user_text)
        self.user_text = user_text
        self.detail = detail


class BadInput(OrchestraError):
    """What was given cannot be used; the text says what to give instead."""

    code = "bad_input"


class NotAllowed(OrchestraError):
    """The actor may not do this; the text says who may."""

    code = "not_allowed"


class NotFound(OrchestraError):
    """The named thing does not exist; the text says which do."""

    code = "not_found"


class Misconfigured(OrchestraError):
    """A setting is missing or wrong; the text names it and its remedy."""

    code = "misconfigured"


class Conflict(OrchestraError):
    """Somebody else was first; what they decided stands."""

    code = "conflict"


class StorageTrouble(OrchestraError):
    """The disk or database refused; nothing was half-written."""

    code = "storage"
    retryable = True


class AgentUnavailable(OrchestraError):
    """Try later or elsewhere: rate limit, time-out, outage. `retry_after_s` if it was told."""

    code = "unavailable"
    retryable = True

    def __init__(
        self, user_text: str, *, detail: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(user_text, detail=detail)
        self.retry_after_s = retry_after_s


class AgentBusy(AgentUnavailable):
    """It takes no more requests just now (429); nothing is wrong with it."""

    code = "rate_limited"


class AgentRejected(OrchestraError):
    """The same call would fail again: bad key, bad request, refused content."""

    code = "rejected"


class AgentDeclined(AgentRejected):
    """It will not do this by its own rules; another one may."""

    code = "policy"


class AgentMisbehaved(OrchestraError):
    """The reply cannot be used (malformed, too large); another try may be better."""

    code = "invalid_output"
    retryable = True
