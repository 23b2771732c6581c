"""Recall with the embedding model of a provider: asked, changed, silent."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from memory.model.agents.endpoint import EmbeddingEndpoint
from memory.model.base import ProjectId
from memory.model.work.value import Label
from memory.recall.opening import open_recall
from memory.recall.port import ModelSilent
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import notes
from planner.llms.embedding import answering
from tests.fakes.embeddings import served

PROJECT = ProjectId("p")


async def with_note(folder: Path, text: str) -> Database:
    database = Database(database_url(folder))
    await schema.upgrade(database)
    async with database.transaction() as tx:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        await notes.keep_note(tx, PROJECT, "note", "Note", text, "s", Label.UNTRUSTED, at)
    return database


async def test_notes_are_found_by_the_providers_meaning_and_read_again_for_another_model(
    tmp_path: Path,
) -> None:
    database = await with_note(tmp_path, "the invoice went out")
    async with served() as fake:
        for model in ("small", "large", "large"):
            endpoint = EmbeddingEndpoint(base_url=fake.url, model=model, floor=0.9)
            choose = partial(answering, endpoint)
            async with open_recall(tmp_path, database, choose=choose) as recall:
                await recall.catch_up()
                assert recall.model.startswith(model)
                (found,) = await recall.search(PROJECT, "invoice?")
                assert found.score > 0.6
                assert await recall.search(PROJECT, "holiday") == ()
        assert sum("went out" in text for text in fake.asked) == 2
    await database.close()


async def test_a_silent_model_is_said_and_costs_no_vector_that_is_there(tmp_path: Path) -> None:
    database = await with_note(tmp_path, "the invoice went out")
    async with served() as fake:
        endpoint = EmbeddingEndpoint(base_url=fake.url, model="small", floor=0.9)
        async with open_recall(tmp_path, database, choose=partial(answering, endpoint)) as recall:
            await recall.catch_up()
            fake.fails = True
            found = await recall.search(PROJECT, "where is the invoice")
            assert "small doesn't answer" in recall.status
            assert [hit.text for hit in found] == ["the invoice went out"]
            fake.fails = False
            before = len(fake.asked)
            await recall.catch_up()
            assert recall.status == "ok"
            assert not any("went out" in text for text in fake.asked[before:])
    await database.close()


async def test_an_endpoint_that_is_not_there_is_refused_with_a_sentence() -> None:
    endpoint = EmbeddingEndpoint(base_url="http://127.0.0.1:9/v1", model="none", timeout_s=2)
    with pytest.raises(ModelSilent) as refused:
        await asyncio.to_thread(answering, endpoint)
    assert "[search]" in refused.value.user_text
