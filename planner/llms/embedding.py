"""An embedding model of a provider, behind the port of recall. Blocking; called in a thread."""

from collections.abc import Sequence

import openai

from memory.model.agents.endpoint import EmbeddingEndpoint
from memory.model.base import sha256
from memory.recall.port import ModelSilent, Vector

AT_ONCE = 64
TEXT_CHARS = 8_000


class ProviderEmbedder:
    """Vectors of length 1 from an endpoint that answered. `answering` makes one."""

    def __init__(self, endpoint: EmbeddingEndpoint, dims: int) -> None:
        self.name = f"{endpoint.model}-{sha256(endpoint.base_url.encode())[:8]}"
        self.dims = dims
        self.floor = self.wordless_floor = endpoint.floor
        self._endpoint = endpoint

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text. Raises ModelSilent."""
        vectors = _asked(self._endpoint, texts)
        if any(len(vector) != self.dims for vector in vectors):
            raise _silent(self._endpoint, "its vectors have another length than before")
        return vectors


def answering(endpoint: EmbeddingEndpoint) -> ProviderEmbedder:
    """The model, once it has embedded a word. Raises ModelSilent with a sentence."""
    (vector,) = _asked(endpoint, ["hello"])
    return ProviderEmbedder(endpoint, len(vector))


def _asked(endpoint: EmbeddingEndpoint, texts: Sequence[str]) -> list[Vector]:
    key = endpoint.api_key.get_secret_value() or "none"
    timeout = endpoint.timeout_s
    vectors: list[Vector] = []
    try:
        with openai.OpenAI(
            base_url=endpoint.base_url, api_key=key, max_retries=0, timeout=timeout
        ) as client:
            for start in range(0, len(texts), AT_ONCE):
                part = texts[start : start + AT_ONCE]
                inputs = [text[:TEXT_CHARS] or "-" for text in part]
                given = client.embeddings.create(
                    model=endpoint.model, input=inputs, encoding_format="float"
                )
                rows = sorted(given.data, key=lambda row: row.index)
                vectors += [_unit(row.embedding) for row in rows]
    except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
        raise _silent(endpoint, type(error).__name__) from error
    if len(vectors) != len(texts):
        raise _silent(endpoint, f"{len(vectors)} vectors for {len(texts)} texts")
    return vectors


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
