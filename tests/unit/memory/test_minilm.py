"""The language model finds by meaning, is the published one, and is loaded at the first text only."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from memory.model.base import ProjectId
from memory.model.work.value import Label
from memory.recall import minilm
from memory.recall.keywords import KeywordEmbedder, similarity
from memory.recall.matching import best
from memory.recall.minilm import MiniLM
from memory.recall.opening import best_embedder
from memory.recall.port import Embedder, ModelTrouble
from memory.recall.sources import Entry
from memory.store.knowledge.notes import Note

PARAPHRASES = (
    ("invoices are paid within thirty days", "how long do customers have to settle a bill?"),
    ("the office is closed on public holidays", "do people work here on bank holiday Monday?"),
    ("send the weekly figures to the finance director", "who gets the report on money?"),
    ("our servers are hosted in Frankfurt", "where does the infrastructure run?"),
    ("Maria signs off every press release", "who approves announcements to journalists?"),
    ("refunds above 200 euros need a manager", "big repayments must be cleared by a superior"),
    ("the launch was moved to the end of May", "when does the product go live?"),
    ("we back up the database every night", "how often is the data copied somewhere safe?"),
    ("new colleagues get a laptop on their first day", "equipment for people who just joined"),
    ("the printer on the second floor is broken", "paper output device out of order"),
    ("customers complain about slow delivery", "clients are unhappy that parcels arrive late"),
    ("passwords must be at least fourteen characters", "minimum length of a login secret"),
    ("the cafeteria serves lunch from noon to two", "at what time can I eat at midday?"),
    ("sales in the north fell by a tenth", "revenue decline in the upper region"),
    ("the contract with the cleaning firm ends in June", "when does the janitor agreement expire?"),
    ("use British spelling in everything we publish", "which English do our texts follow?"),
    ("the car park is full after nine", "is there a place to leave my vehicle in the morning?"),
    (
        "travel by train whenever it takes under four hours",
        "prefer rail over flying for short trips",
    ),
    ("the warehouse counts its stock in January", "annual inventory of goods in storage"),
    ("support answers tickets within one working day", "how fast does the help desk respond?"),
    ("the logo may not be stretched or recoloured", "rules for altering our brand mark"),
    ("interviews are recorded only with consent", "may I tape a conversation with a candidate?"),
    ("the heating is turned down at weekends", "it gets cold in the building on Saturday"),
    ("we donate one percent of profit to charity", "how much of our earnings goes to good causes?"),
)
"""What was written down, and how somebody asks for it in other words."""

UNRELATED = (
    "a recipe for lemon cake",
    "chords of a folk song",
    "the moons of Jupiter",
    "how to prune roses",
    "rules of offside in football",
)


def _entry(number: int, text: str) -> Entry:
    note = Note(
        seq=number,
        id=f"note_{number}",
        project=ProjectId("p"),
        kind="note",
        title="",
        text=text,
        source="s",
        label=Label.TRUSTED,
        at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    return Entry(number, note.id, note.project, note.kind, "", (text,), note)


def _found(embedder: Embedder, question: str, limit: int = 3) -> list[str]:
    texts = [text for text, _ in PARAPHRASES]
    (asked,) = embedder.embed([question])
    candidates = [
        (_entry(number, text), similarity(asked, vector))
        for number, (text, vector) in enumerate(zip(texts, embedder.embed(texts), strict=True))
    ]
    return [match.passage for match in best(question, candidates, embedder, limit=limit)]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    found = minilm.installed()
    assert found is not None
    return found


def test_most_paraphrases_are_found_by_meaning_and_few_by_words(model: MiniLM) -> None:
    by_meaning = sum(text in _found(model, question) for text, question in PARAPHRASES)
    by_words = sum(text in _found(KeywordEmbedder(), question) for text, question in PARAPHRASES)
    assert by_meaning >= 20
    assert by_words < by_meaning / 2


def test_texts_about_something_else_are_not_found(model: MiniLM) -> None:
    assert [_found(model, text) for text in UNRELATED] == [[]] * len(UNRELATED)


def test_only_keyword_search_asks_more_of_texts_that_share_no_word(model: MiniLM) -> None:
    entry = _entry(1, "heron")
    for embedder, found in ((model, True), (KeywordEmbedder(), False)):
        likeness = embedder.floor + 0.01
        assert bool(best("stork", [(entry, likeness)], embedder, limit=1)) is found


def test_it_gives_the_published_likenesses_whatever_else_is_embedded(model: MiniLM) -> None:
    first, *others = model.embed(minilm.PROBE)
    alike = [similarity(first, other) for other in others]
    assert alike == pytest.approx(minilm.PROBE_LIKENESS, abs=minilm.PROBE_TOLERANCE)
    assert model.embed([minilm.PROBE[0]]) == [first]
    assert len(first) == model.dims


def test_any_text_has_a_vector_of_length_one(model: MiniLM) -> None:
    for vector in model.embed(["", "财务报告 🎉", "heron " * 2_000]):
        assert similarity(vector, vector) == pytest.approx(1.0, abs=1e-5)


def test_another_file_than_the_published_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"something else")
    for file in ("model.onnx", "missing.onnx"):
        with pytest.raises(ModelTrouble) as trouble:
            MiniLM(tmp_path / file).embed(["heron"])
        assert "install that package again" in trouble.value.user_text


def test_a_model_that_computes_something_else_is_refused(
    model: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minilm, "PROBE_LIKENESS", (0.5, 0.257))
    with pytest.raises(ModelTrouble) as trouble:
        MiniLM(model._model).embed(["heron"])
    assert "on this processor" in trouble.value.detail


def test_without_its_package_words_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    assert best_embedder().name == MiniLM.name
    monkeypatch.setattr(minilm, "PACKAGE", "no-such-package")
    assert best_embedder().name == KeywordEmbedder.name


def test_choosing_it_loads_nothing_yet() -> None:
    code = (
        "import sys; from memory.recall import opening; opening.best_embedder();"
        "print(sorted({'onnxruntime', 'tokenizers', 'numpy', 'chromadb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
