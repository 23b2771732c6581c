"""Fit the router to the phrasings: `python -m bot.language.routing`, after changing any of them."""

from bot.language.routing.verbs import PROBE, VECTORS, WEIGHTS, verbs
from memory.recall.minilm import installed
from planner.understanding import kinds
from planner.understanding.retrieval import Phrasings
from planner.understanding.training import fit
from planner.understanding.vectors import store, vectors_of


def main() -> None:
    """Write the phrasings' vectors and the weights, both beside them."""
    embedder = installed()
    if embedder is None:
        raise SystemExit("Install the language model first: make sync.")
    phrasings = Phrasings(verbs())
    store(embedder, phrasings.texts, VECTORS)
    phrasings.vectors = vectors_of(embedder, phrasings.texts, VECTORS)
    kinds.store(kinds.fit(phrasings), PROBE)
    WEIGHTS.write_text(fit(phrasings).model_dump_json(indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":  # the tests import every module
    main()
