"""Who calls through the web or the API, and what the proof they showed lets them do."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from memory.model.base import Model, ProjectId
from memory.model.identity import Identity

TOKEN_PREFIX: Final = "orc_"  # noqa: S105 - how it begins, not a secret
"""How every token of the API begins, so that one in a log or a file is known for what it is."""


class Scope(StrEnum):
    """What a proof is good for, whatever its person may do besides."""

    READ = "read"
    WORK = "work"
    """Ask for work, answer and steer."""
    APPROVE = "approve"
    """Decide on plans, budgets and rules: for people, never for a model."""


class Caller(Model):
    """A person, come in by a proof. `project` "": all that the person is in; `door`: by what."""

    person: Identity
    scopes: frozenset[Scope]
    project: ProjectId = ProjectId("")
    token: str = ""
    """The id of the token that was shown, "" for a browser."""
    proof: str = ""
    """The digest of what was shown: the same as long as it's the same browser or token."""


class Token(Model):
    """A program's way in, without its secret."""

    id: str
    name: str
    person: str
    display: str
    project: ProjectId
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
