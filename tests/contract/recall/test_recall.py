"""Recall's promises over a real store and a real Chroma."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from memory.model.base import ProjectId, RunId
from memory.model.work.value import Label
from memory.recall.keywords import KeywordEmbedder
from memory.recall.opening import open_recall
from memory.recall.port import ModelTrouble, Vector
from memory.recall.service import SCANNED, Recall
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import learning, notes
from memory.store.knowledge.notes import NoteKind
from tests.conftest import SetClock

PROJECT, OTHER = ProjectId("p"), ProjectId("Überprojekt / 2")


class OtherEmbedder(KeywordEmbedder):
    """A model of another name and size."""

    name = "other-1"
    dims = 64


class Store:
    """Writes rows as the rest of the program does."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.database = database
        self.clock = clock

    async def note(
        self,
        text: str,
        *,
        title: str = "",
        source: str = "",
        kind: NoteKind = "note",
        project: ProjectId = PROJECT,
    ) -> str:
        async with self.database.transaction() as tx:
            return await notes.keep_note(
                tx,
                project,
                kind,
                title,
                text,
                source or text[:40],
                Label.TRUSTED,
                self.clock.now(),
            )

    async def many(self, texts: Sequence[str]) -> None:
        async with self.database.transaction() as tx:
            for text in texts:
                await notes.keep_note(
                    tx, PROJECT, "note", "", text, text, Label.TRUSTED, self.clock.now()
                )

    async def task(
        self,
        attempt: str,
        text: str,
        *,
        agent: str,
        succeeded: bool = True,
        project: ProjectId = PROJECT,
    ) -> None:
        async with self.database.transaction() as tx:
            ended = learning.Ended(
                project=project,
                attempt=attempt,
                run=RunId("r"),
                agent=agent,
                task_type="research",
                text=text,
                succeeded=succeeded,
                cost_micro_usd=0,
                latency_ms=1,
                at=self.clock.now(),
            )
            await learning.record(tx, ended)

    async def forget(self, note: str) -> None:
        async with self.database.transaction() as tx:
            assert await notes.forget_note(tx, PROJECT, note)


@pytest.fixture
def store(database: Database, clock: SetClock) -> Store:
    return Store(database, clock)


@pytest.fixture
async def recall(database: Database, tmp_path: Path) -> AsyncIterator[Recall]:
    async with open_recall(tmp_path / "data", database, choose=KeywordEmbedder) as recall:
        yield recall


async def _texts(recall: Recall, question: str, project: ProjectId = PROJECT) -> list[str]:
    return [found.text for found in await recall.search(project, question)]


async def test_what_fits_is_found_with_its_source(store: Store, recall: Recall) -> None:
    await store.note("we ship on thursdays", source="msg_1")
    await store.note("revenue by region, 2025", title="sales.csv", kind="file", source="sales.csv")
    assert await recall.catch_up() == 2
    assert recall.status == "ok"
    (found,) = await recall.search(PROJECT, "the regional revenues")
    assert (found.kind, found.source, found.label) == ("file", "sales.csv", Label.TRUSTED)
    assert found.title == "sales.csv"
    assert 0 < found.score <= 1
    assert await recall.search(PROJECT, "regional revenues", kinds=("note",)) == ()


@pytest.mark.parametrize("indexed", [True, False])
async def test_a_project_never_sees_what_another_knows(
    store: Store, recall: Recall, *, indexed: bool
) -> None:
    await store.note("the launch code is heron", project=OTHER)
    await store.task("a1", "find the launch code", agent="gemini", project=OTHER)
    if indexed:
        assert await recall.catch_up() == 2
    assert await recall.search(PROJECT, "launch code heron") == ()
    assert await recall.similar_tasks(PROJECT, "find the launch code") == ()
    assert len(await recall.search(OTHER, "launch code heron")) == 1
    assert len(await recall.similar_tasks(OTHER, "find the launch code")) == 1


async def test_search_answers_before_the_index_is_open_and_says_so(
    store: Store, recall: Recall
) -> None:
    await store.note("we ship on thursdays")
    assert await _texts(recall, "when do we ship?") == ["we ship on thursdays"]
    assert "newest notes only" in recall.status


async def test_a_note_is_found_the_moment_it_is_kept(store: Store, recall: Recall) -> None:
    await store.note("we ship on thursdays")
    await recall.catch_up()
    await store.note("heron is the mascot")
    assert await _texts(recall, "heron mascot") == ["heron is the mascot"]


async def test_a_changed_note_is_found_by_its_new_words_only(store: Store, recall: Recall) -> None:
    await store.note("we ship on thursdays", source="m")
    await recall.catch_up()
    await store.note("deploys happen mondays", source="m")
    for _ in range(2):
        assert await _texts(recall, "ship thursdays") == []
        assert await _texts(recall, "deploys mondays") == ["deploys happen mondays"]
        await recall.catch_up()


async def test_a_forgotten_note_is_not_found_and_leaves_the_index(
    store: Store, recall: Recall
) -> None:
    note = await store.note("we ship on thursdays")
    await recall.catch_up()
    await store.forget(note)
    assert await _texts(recall, "ship thursdays") == []
    await store.note("we ship on mondays")
    assert await recall.catch_up() == 1
    assert await _texts(recall, "ship mondays") == ["we ship on mondays"]


async def test_unrelated_words_find_nothing(store: Store, recall: Recall) -> None:
    await store.note("we ship on thursdays")
    await recall.catch_up()
    assert await _texts(recall, "quarterly marketing budget") == []
    assert await _texts(recall, "  ") == []
    assert await recall.search(PROJECT, "ship", limit=0) == ()


async def test_the_passage_that_fits_is_given_of_a_long_text(store: Store, recall: Recall) -> None:
    filler = "lorem ipsum dolor sit amet " * 100
    await store.note(f"{filler} the heron nests in april {filler}", source="long.txt", kind="file")
    await recall.catch_up()
    (found,) = await recall.search(PROJECT, "heron nests april")
    assert "heron" in found.text
    assert len(found.text) <= 1_500


async def test_a_text_that_became_shorter_loses_its_old_passages(
    store: Store, recall: Recall
) -> None:
    await store.note("lorem ipsum " * 300 + "heron", source="m")
    await recall.catch_up()
    await store.note("lorem", source="m")
    await recall.catch_up()
    assert await _texts(recall, "heron") == []


async def test_similar_tasks_tell_who_did_well(store: Store, recall: Recall) -> None:
    await store.task("a1", "research heron migration in europe", agent="gemini")
    await store.task("a2", "research heron diet", agent="claude", succeeded=False)
    await store.task("a3", "total revenue by region", agent="chatgpt")
    await recall.catch_up()
    similar = await recall.similar_tasks(PROJECT, "heron migration")
    assert [(task.agent, task.succeeded) for task in similar] == [
        ("gemini", True),
        ("claude", False),
    ]
    assert similar[0].similarity > similar[1].similarity


async def test_it_catches_up_from_where_it_was_in_the_process_before(
    store: Store, recall: Recall, database: Database, tmp_path: Path
) -> None:
    await store.note("we ship on thursdays")
    assert (await recall.catch_up(), await recall.catch_up()) == (1, 0)
    async with recall:
        pass
    async with open_recall(tmp_path / "data", database, choose=KeywordEmbedder) as again:
        assert await again.catch_up() == 0
        assert again.status == "ok"
        assert await _texts(again, "ship") == ["we ship on thursdays"]


async def test_more_rows_than_a_search_may_scan_are_found_through_the_index(
    store: Store, recall: Recall
) -> None:
    await store.many(["heron first", *(f"filler {number}" for number in range(SCANNED + 50))])
    assert await _texts(recall, "heron") == []
    assert await recall.catch_up() == SCANNED + 51
    assert await _texts(recall, "heron") == ["heron first"]


async def test_a_lost_index_is_made_again_from_the_store(
    store: Store, recall: Recall, database: Database, tmp_path: Path
) -> None:
    await store.note("we ship on thursdays")
    await recall.catch_up()
    async with recall:
        pass
    shutil.rmtree(tmp_path / "data" / "recall")
    async with open_recall(tmp_path / "data", database, choose=KeywordEmbedder) as again:
        assert await again.catch_up() == 1
        assert await _texts(again, "ship") == ["we ship on thursdays"]


async def test_an_index_that_breaks_while_open_costs_no_answer_and_mends_itself(
    store: Store, recall: Recall, tmp_path: Path
) -> None:
    await store.note("we ship on thursdays")
    await recall.catch_up()
    for path in (tmp_path / "data" / "recall").glob("index-*"):
        shutil.rmtree(path)
    await store.note("we ship on mondays too")
    for _ in range(3):
        assert len(await _texts(recall, "ship")) == 2
        await recall.catch_up()
    assert recall.status == "ok"


async def test_rebuilding_gives_the_same_answers(store: Store, recall: Recall) -> None:
    await store.note("we ship on thursdays")
    await store.task("a1", "research herons", agent="gemini")
    await recall.catch_up()
    before = await recall.search(PROJECT, "ship")
    assert await recall.rebuild() == 2
    assert await recall.search(PROJECT, "ship") == before


async def test_another_model_means_another_index(
    store: Store, recall: Recall, database: Database, tmp_path: Path
) -> None:
    await store.note("we ship on thursdays")
    await recall.catch_up()
    assert recall.model == "keyword-1"
    async with recall:
        pass
    async with open_recall(tmp_path / "data", database, choose=OtherEmbedder) as again:
        assert await again.catch_up() == 1
        assert again.model == "other-1"
        assert await _texts(again, "ship") == ["we ship on thursdays"]


async def test_a_model_that_cannot_be_loaded_is_replaced_by_keyword_search(
    store: Store, database: Database, tmp_path: Path
) -> None:
    class Broken(OtherEmbedder):
        def embed(self, texts: Sequence[str]) -> list[Vector]:
            raise ModelTrouble("It can't be used.")

    await store.note("we ship on thursdays")
    async with open_recall(tmp_path, database, choose=Broken) as recall:
        await recall.catch_up()
        assert recall.status == "It can't be used."
        assert await _texts(recall, "ship") == ["we ship on thursdays"]
        assert await recall.catch_up() == 1
        assert (recall.status, recall.model) == ("ok", "keyword-1")
        assert await _texts(recall, "ship") == ["we ship on thursdays"]


async def test_without_a_usable_folder_it_scans_and_says_why(
    store: Store, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "recall").write_text("in the way")
    await store.note("we ship on thursdays")
    async with open_recall(tmp_path, database) as recall:
        assert await recall.catch_up() == 0
        assert await recall.rebuild() == 0
        assert "can't be used" in recall.status
        assert await _texts(recall, "ship") == ["we ship on thursdays"]


async def test_without_chroma_it_scans_and_says_so(
    store: Store, recall: Recall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "chromadb", None)
    await store.note("we ship on thursdays")
    await recall.catch_up()
    assert recall.status == "Chroma isn't installed, so search reads the newest notes only."
    assert await _texts(recall, "ship") == ["we ship on thursdays"]


async def test_a_second_process_scans_while_the_first_has_the_index(
    store: Store, recall: Recall, database: Database, tmp_path: Path
) -> None:
    await store.note("we ship on thursdays")
    await recall.catch_up()
    async with open_recall(tmp_path / "data", database) as second:
        await second.catch_up()
        assert "Another Orchestra" in second.status
        assert await _texts(second, "ship") == ["we ship on thursdays"]
    assert await _texts(recall, "ship") == ["we ship on thursdays"]


async def test_a_store_that_does_not_answer_costs_the_answer_but_raises_nothing(
    tmp_path: Path,
) -> None:
    database = Database(database_url(tmp_path))  # no tables
    async with open_recall(tmp_path, database, choose=KeywordEmbedder) as recall:
        assert await recall.search(PROJECT, "ship") == ()
        assert await recall.catch_up() == 0
        assert recall.status != "ok"
    await database.close()


async def test_searches_and_rebuilds_at_the_same_time_do_not_disturb_each_other(
    store: Store, recall: Recall
) -> None:
    await store.many([f"note number {number} of herons" for number in range(300)])
    await recall.catch_up()

    async def search() -> int:
        return len(await recall.search(PROJECT, "herons", limit=5))

    async with asyncio.TaskGroup() as group:
        rebuilt = group.create_task(recall.rebuild())
        answers = [group.create_task(search()) for _ in range(20)]
    assert rebuilt.result() == 300
    assert {answer.result() for answer in answers} == {5}
    assert recall.status == "ok"


async def test_following_indexes_what_comes(store: Store, recall: Recall) -> None:
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:  # a busy machine needs 10
        following = group.create_task(recall.follow(every_s=0.01))
        while recall.status != "ok":
            await asyncio.sleep(0.01)
        await store.many(["heron", *(f"filler {number}" for number in range(SCANNED))])
        # Too far back to be found without the index.
        while await recall.search(PROJECT, "heron") == ():
            await asyncio.sleep(0.01)
        following.cancel()


async def test_a_row_that_was_committed_late_is_indexed_on_postgres(
    postgres_url: str, clock: SetClock, tmp_path: Path
) -> None:
    """Numbers are drawn before the commit, so a lower one may appear after a higher one."""
    database = Database(database_url(tmp_path, postgres_url))
    await schema.upgrade(database)
    store = Store(database, clock)

    class Silent(OtherEmbedder):
        def embed(self, texts: Sequence[str]) -> list[Vector]:
            embedded.extend(texts)
            return super().embed(texts)

    embedded: list[str] = []
    async with open_recall(tmp_path, database, choose=Silent) as recall:
        async with database.transaction() as slow:
            await notes.keep_note(
                slow, PROJECT, "note", "", "heron", "late", Label.TRUSTED, clock.now()
            )
            await store.note("we ship on thursdays")
            assert await recall.catch_up() == 1
        await store.note("something newer")
        assert await recall.catch_up() == 2
    assert sorted(text.strip() for text in embedded) == [
        "heron",
        "something newer",
        "we ship on thursdays",
    ]
    await database.close()
