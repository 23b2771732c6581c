"""Secrets of the project in the place of their handles, for one attempt's way out (law 8)."""

from pydantic import SecretStr

from executor.parts import Parts
from memory.model.agents.handles import filled, names_in
from memory.model.errors import AgentRejected, Misconfigured, NotFound
from memory.store.knowledge import project_secrets
from memory.store.running.attempts import Attempt


async def fill(parts: Parts, attempt: Attempt, text: str) -> SecretStr:
    """The text with the secrets in it; that each was used is on record.

    Only egress asks for it, and passes it on to nobody else. Raises AgentRejected where the project
    has no such secret, or it can't be opened.
    """
    names = names_in(text)
    if not names:
        return SecretStr(text)
    at = parts.clock.now()
    try:
        async with parts.database.transaction() as tx:
            found = {
                name: await project_secrets.opened(tx, attempt.project, name) for name in names
            }
            for name in names:
                await project_secrets.used(tx, attempt.project, name, at=at)
                ids = {"run": attempt.run, "task": attempt.task, "agent": attempt.agent}
                await parts.record(tx, attempt.project, "secret.used", name, ids=ids)
    except (NotFound, Misconfigured) as error:
        raise AgentRejected("{reason}", reason=error.user_text) from error
    return SecretStr(
        filled(text, {name: value.get_secret_value() for name, value in found.items()})
    )
