"""Errors sorted by what the caller can do about them.

`message` is the English sentence with named placeholders, which is also its id in the catalogue of
texts; `params` fill them. Whoever shows the error makes the sentence, in the reader's language.
"""

from collections.abc import Callable
from typing import ClassVar


class OrchestraError(Exception):
    """An ending that has words for a person (`message`, `params`) and for the log (`detail`)."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, detail: str = "", **params: object) -> None:
        self.message = message
        self.params = params
        self.detail = detail
        super().__init__(detail or self.user_text)

    @property
    def user_text(self) -> str:
        """The sentence in English, for the log and where no reader's language is known."""
        return self.message.format(**self.params) if self.params else self.message

    def mask(self, masked: Callable[[str], str]) -> None:
        """Take out of all its words what `masked` takes out of a text."""
        self.message, self.detail = masked(self.message), masked(self.detail)
        self.params = {
            name: value if isinstance(value, int | float) else masked(str(value))
            for name, value in self.params.items()
        }


class BadInput(OrchestraError):
    """The input can't be used; the text says what to give instead."""

    code = "bad_input"


class NotAllowed(OrchestraError):
    """The actor may not do this; the text says who may.

    `right` and `about` are those of the gate, where it said so; `able` the names of people who may.
    """

    code = "not_allowed"
    right: object = None
    about: object = None
    able: tuple[str, ...] = ()


class NotFound(OrchestraError):
    """The named thing does not exist; the text says which do."""

    code = "not_found"


class Misconfigured(OrchestraError):
    """A setting is missing or wrong; the text names it and its remedy."""

    code = "misconfigured"


class Conflict(OrchestraError):
    """Somebody else was first, and their decision counts."""

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
        self,
        message: str,
        *,
        detail: str = "",
        retry_after_s: float | None = None,
        **params: object,
    ) -> None:
        super().__init__(message, detail=detail, **params)
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


class OutOfMoney(OrchestraError):
    """A budget has no room for the call, so it was not made."""

    code = "budget"


class AgentMisbehaved(OrchestraError):
    """The reply cannot be used (malformed, too large); another try may be better."""

    code = "invalid_output"
    retryable = True
