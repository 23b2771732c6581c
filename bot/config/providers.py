"""The model providers that are known by their key alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName


@dataclass(frozen=True)
class Provider:
    """Where a provider's OpenAI-compatible endpoint is and which model is taken by default.

    The models are each provider's middle-priced general one in the price list of genai-prices,
    November 2026; `[models.NAME] model = …` or `<PREFIX>_MODEL` takes another.
    """

    name: str
    title: str
    provider: str
    prefix: str
    keys: tuple[str, ...]
    base_url: str
    model: str
    aliases: tuple[str, ...] = ()

    def endpoint(self, environ: Mapping[str, str]) -> ModelEndpoint | None:
        """The endpoint, where the environment has a key for it."""
        key = next((environ[name] for name in self.keys if environ.get(name, "").strip()), "")
        if not key:
            return None
        model = environ.get(f"{self.prefix}_MODEL", "").strip() or self.model
        return ModelEndpoint.model_validate(
            {
                "name": AgentName(self.name),
                "title": self.title,
                "provider": self.provider,
                "base_url": environ.get(f"{self.prefix}_BASE_URL", "").strip() or self.base_url,
                "model": model,
                "api_key": key.strip(),
                "aliases": self.aliases,
                "price_model": model,
            }
        )


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        name="chatgpt",
        title="ChatGPT",
        provider="openai",
        prefix="OPENAI",
        keys=("OPENAI_API_KEY",),
        base_url="https://api.openai.com/v1",
        model="gpt-6.1-terra",
        aliases=("gpt", "openai"),
    ),
    Provider(
        name="claude",
        title="Claude",
        provider="anthropic",
        prefix="ANTHROPIC",
        keys=("ANTHROPIC_API_KEY",),
        base_url="https://api.anthropic.com/v1/",
        model="claude-sonnet-5-5",
        aliases=("anthropic",),
    ),
    Provider(
        name="gemini",
        title="Gemini",
        provider="google",
        prefix="GEMINI",
        keys=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        base_url="https://generativelanguage.googleapis.com/v1beta/openai/",
        model="gemini-3.8-flash",
        aliases=("google",),
    ),
    Provider(
        name="grok",
        title="Grok",
        provider="x-ai",
        prefix="XAI",
        keys=("XAI_API_KEY",),
        base_url="https://api.x.ai/v1",
        model="grok-4.7",
        aliases=("xai",),
    ),
)
