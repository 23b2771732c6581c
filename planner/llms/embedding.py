"""An embedding model of a provider, behind the port of recall. Blocking; called in a thread."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx2
import openai

from memory.model.agents.endpoint import EmbeddingEndpoint
from memory.model.base import sha256
from memory.recall.port import ModelSilent, Vector

AT_ONCE = 64
TEXT_CHARS = 8_000


BYTES_PER_TOKEN = 3
"""Few, so that what isn't told is reckoned rather too high."""


@dataclass
class Tally:
    """What a call used so far, as the provider told it; `estimated` where it didn't."""

    tokens: int = 0
    requests: int = 0
    estimated: bool = False


class ProviderEmbedder:
    """Vectors of length 1 from an endpoint that answered. `answering` makes one."""

    def __init__(self, endpoint: EmbeddingEndpoint, dims: int) -> None:
        self.endpoint = endpoint
        self.name = f"{endpoint.model}-{sha256(endpoint.base_url.encode())[:8]}"
        self.dims = dims
        self.floor = self.wordless_floor = endpoint.floor

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text. Raises ModelSilent."""
        return self.counted(texts, Tally())

    def counted(self, texts: Sequence[str], tally: Tally) -> list[Vector]:
        """The same, and what it used, also where it fails."""
        vectors = _asked(self.endpoint, texts, tally)
        if any(len(vector) != self.dims for vector in vectors):
            raise _silent(self.endpoint, "its vectors have another length than before")
        return vectors


def answering(endpoint: EmbeddingEndpoint) -> ProviderEmbedder:
    """The model, once it has embedded a word. Raises ModelSilent with a sentence."""
    (vector,) = _asked(endpoint, ["hello"], Tally())
    return ProviderEmbedder(endpoint, len(vector))


def most_tokens(texts: Sequence[str]) -> int:
    """How many tokens the texts are at most: none is shorter than a byte."""
    return sum(len(_sent(text).encode()) for text in texts)


def _sent(text: str) -> str:
    return text[:TEXT_CHARS] or "-"


def _asked(endpoint: EmbeddingEndpoint, texts: Sequence[str], tally: Tally) -> list[Vector]:
    key = endpoint.api_key.get_secret_value() or "none"
    timeout = endpoint.timeout_s
    vectors: list[Vector] = []
    try:
        with openai.OpenAI(
            base_url=endpoint.base_url, api_key=key, max_retries=0, timeout=timeout
        ) as client:
            for start in range(0, len(texts), AT_ONCE):
                inputs = [_sent(text) for text in texts[start : start + AT_ONCE]]
                given = _answer(client, endpoint.model, inputs, tally)
                rows = sorted(given.data, key=lambda row: row.index)
                vectors += [_unit(row.embedding) for row in rows]
    except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
        raise _silent(endpoint, type(error).__name__) from error
    if len(vectors) != len(texts):
        raise _silent(endpoint, f"{len(vectors)} vectors for {len(texts)} texts")
    return vectors


def _answer(
    client: openai.OpenAI, model: str, inputs: list[str], tally: Tally
) -> openai.types.CreateEmbeddingResponse:
    """One call, counted: what was refused or never arrived is free, what is not told is reckoned."""
    reckoned = most_tokens(inputs) // BYTES_PER_TOKEN + len(inputs)
    tally.requests += 1
    try:
        given = client.embeddings.create(model=model, input=inputs, encoding_format="float")
    except openai.APIStatusError:
        raise
    except openai.APIConnectionError as error:
        if not isinstance(error.__cause__, httpx2.ConnectError):
            _count(tally, None, reckoned)
        raise
    except (openai.OpenAIError, ValueError, TypeError, AttributeError):
        _count(tally, None, reckoned)
        raise
    _count(tally, getattr(given.usage, "prompt_tokens", None), reckoned)
    return given


def _count(tally: Tally, told: int | None, reckoned: int) -> None:
    tally.tokens += reckoned if told is None else told
    tally.estimated = tally.estimated or told is None


def _unit(vector: Sequence[float]) -> Vector:
    length = sum(value * value for value in vector) ** 0.5
    if not 0 < length < float("inf"):
        raise ValueError("a vector without a direction")
    return [value / length for value in vector]


def _silent(endpoint: EmbeddingEndpoint, detail: str) -> ModelSilent:
    return ModelSilent(
        "The embedding model {model} doesn't answer as it should, so search reads the newest notes "
        "only until it does. Check [search] in orchestra.toml.",
        model=endpoint.model,
        detail=detail,
    )
