"""Where a model is reached. Built by settings, used by planner and executor, never stored."""

from pydantic import SecretStr

from memory.model.agents.spec import (
    NO_LIMITS,
    USUAL,
    AgentLimits,
    AgentRecovery,
)
from memory.model.base import AgentName, Model


class ModelEndpoint(Model):
    """An OpenAI-compatible endpoint and one model on it.

    `name` is the agent's name in the catalogue ("chatgpt"); `price_model` the price list's name
    ("" where the price is not known, "local" where calls are free).
    """

    name: AgentName
    title: str
    provider: str
    base_url: str
    model: str
    api_key: SecretStr = SecretStr("none")
    aliases: tuple[str, ...] = ()
    price_model: str = ""
    local: bool = False
    timeout_s: float = 60.0
    limits: AgentLimits = NO_LIMITS
    recovery: AgentRecovery = USUAL


class EmbeddingEndpoint(Model):
    """An OpenAI-compatible endpoint and a model on it that embeds.

    `floor` is the similarity below which two texts have nothing to do with each other. Prices are
    as those of `ModelEndpoint`.
    """

    base_url: str
    model: str
    provider: str = ""
    price_model: str = ""
    local: bool = False
    api_key: SecretStr = SecretStr("none")
    floor: float = 0.25
    timeout_s: float = 20.0
