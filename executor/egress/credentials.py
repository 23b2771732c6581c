"""Settings that stand for a project's secrets, with the secrets in them at the moment they leave."""

from collections.abc import Awaitable, Callable, Mapping

from pydantic import SecretStr

from memory.model.agents.handles import names_in

Fill = Callable[[str], Awaitable[SecretStr]]


async def credentials(given: Mapping[str, str], fill: Fill) -> dict[str, SecretStr]:
    """Those of the settings that name a secret, filled. Raises AgentRejected where there is none."""
    return {name: await fill(text) for name, text in given.items() if names_in(text)}
