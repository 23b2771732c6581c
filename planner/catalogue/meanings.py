"""Vectors of tools and past requests, worked out once, beside other work, and kept on disk."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from memory.model.errors import OrchestraError
from memory.recall.port import Embedder, Vector

Floats = NDArray[np.float32]

TEXT_CHARS = 1_500
AT_ONCE = 16
"""So few missing texts are embedded while somebody waits."""
_BATCH = 32
_KEPT = 20_000
_DIGEST = 16

log = structlog.get_logger(__name__)


class Meanings:
    """Vectors by text. Where the embedder knows no meaning, or can't be used, there are none.

    `folder` keeps them over a restart; a file belongs to one model and is made again for another.
    """

    def __init__(self, choose: Callable[[], Embedder | None], folder: Path | None) -> None:
        self._choose = choose
        self._folder = folder
        self._known: dict[bytes, NDArray[np.float16]] = {}
        self._embedder: Embedder | None = None
        self._opened = False
        self._loaded = False
        """Whether the model has told its first vector: loading it takes a second."""
        self._loading = False
        self._ends = threading.Event()
        self._turn, self._batch = threading.Lock(), threading.Lock()
        self._beside = ThreadPoolExecutor(1, "meanings")
        self._busy: set[bytes] = set()

    @property
    def model(self) -> str:
        """Whose vectors they are; "" where there are none."""
        self._open()
        return "" if self._embedder is None else self._embedder.name

    def warm(self) -> None:
        """Load the model, and come back when it has told its first vector. Blocking."""
        self._open()
        self._embedded(["-"])

    def one(self, text: str) -> Floats | None:
        """The vector of words of a request; worked out now, and not kept. None until the model is
        loaded, for which nobody waits."""
        self._open()
        known = self._known.get(_key(text))
        if known is not None:
            return known.astype(np.float32)
        if not self._loaded:
            self._load()
            return None
        vectors = self._embedded([text])
        return None if vectors is None else np.array(vectors[0], np.float32)

    def of(self, texts: Sequence[str], *, wait: bool = False) -> Floats | None:
        """The vectors, or None while many of them are still being worked out."""
        self._open()
        if self._embedder is None:
            return None
        keys = [_key(text) for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self._known
        }
        if not self._loaded and not wait:
            self._load()
        if missing and not self._are_worked_out(missing, wait=wait):
            return None
        return np.array([self._known[key] for key in keys], np.float32)

    def _are_worked_out(self, missing: dict[bytes, str], *, wait: bool) -> bool:
        """Work these out, beside what is done now where it takes long; whether they are there."""
        if not wait and (len(missing) > AT_ONCE or not self._loaded):
            self._later(missing)
            return False
        return self._add(missing)

    def close(self) -> None:
        """Stop working things out; what is there was kept."""
        self._ends.set()
        self._beside.shutdown(wait=True, cancel_futures=True)

    def _open(self) -> None:
        with self._turn:
            if self._opened:
                return
            self._opened = True
            self._embedder = self._choose()
            if self._embedder is not None:
                self._read(self._embedder.dims)

    def _load(self) -> None:
        if not self._loading:
            self._loading = True
            self._beside.submit(self._embedded, ["-"])

    def _later(self, missing: dict[bytes, str]) -> None:
        fresh = {key: text for key, text in missing.items() if key not in self._busy}
        if fresh:
            self._busy |= fresh.keys()
            self._beside.submit(self._add, fresh)

    def _add(self, missing: dict[bytes, str]) -> bool:
        """Embed and keep; False where that ended before the last."""
        entries = sorted(missing.items(), key=lambda entry: len(entry[1]))
        for start in range(0, len(entries), _BATCH):
            part = entries[start : start + _BATCH]
            with self._batch:  # two at a time would take both cores of a small machine
                vectors = self._embedded([text for _, text in part])
            if vectors is None:
                return False
            for (key, _), vector in zip(part, vectors, strict=True):
                self._known[key] = np.asarray(vector, np.float16)
        if len(entries) > AT_ONCE:
            self._write()
        return True

    def _embedded(self, texts: Sequence[str]) -> list[Vector] | None:
        embedder = self._embedder
        if self._ends.is_set() or embedder is None:
            return None
        try:
            vectors = embedder.embed([text[:TEXT_CHARS] for text in texts])
        except OrchestraError as trouble:
            log.warning("planning goes on by words alone", reason=trouble.detail)
            self._embedder = None
            return None
        self._loaded = True
        return vectors

    @property
    def _file(self) -> Path | None:
        if self._folder is None or self._embedder is None:
            return None
        return self._folder / f"{self._embedder.name}.npz"

    def _read(self, dims: int) -> None:
        if self._file is None or not self._file.is_file():
            return
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                keys, vectors = kept["keys"], kept["vectors"]
        except (OSError, ValueError, KeyError) as error:
            log.warning("kept vectors can't be read and are made again", reason=repr(error))
            return
        if vectors.shape == (len(keys), dims) and keys.shape[1:] == (_DIGEST,):
            self._known = dict(zip((key.tobytes() for key in keys), vectors, strict=True))

    def _write(self) -> None:
        if self._file is None:
            return
        newest = list(self._known.items())[-_KEPT:]
        keys = np.array([list(key) for key, _ in newest], np.uint8)
        beside = self._file.with_suffix(".part.npz")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(beside, keys=keys, vectors=np.array([vector for _, vector in newest]))
            beside.replace(self._file)
        except OSError as error:
            log.warning("vectors can't be kept", reason=repr(error))


def _key(text: str) -> bytes:
    return sha256(text[:TEXT_CHARS].encode()).digest()[:_DIGEST]
