"""Recall as the program opens it: which index, and what embeds."""

from collections.abc import Callable
from pathlib import Path

from memory.recall import chroma, minilm
from memory.recall.keywords import KeywordEmbedder
from memory.recall.port import Embed, Embedder, embed_free
from memory.recall.service import Recall
from memory.store.engine.database import Database


def open_recall(
    data: Path,
    database: Database,
    *,
    url: str = "",
    choose: Callable[[], Embedder] | None = None,
    embed: Embed = embed_free,
) -> Recall:
    """Recall over the database, its index in `data`/recall or on the Chroma server at `url`."""
    index = chroma.served(url) if url else chroma.embedded(data / "recall")
    return Recall(database, index, choose or best_embedder, embed)


def best_embedder() -> Embedder:
    """The language model where it is installed, else keyword search."""
    return minilm.installed() or KeywordEmbedder()
