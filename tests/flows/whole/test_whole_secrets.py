"""No secret is stored, shown or sent: planted in words, errors, answers and files, then looked for."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from memory.model.audit import Intact
from memory.privacy.redaction import MARK
from memory.privacy.seals import Seals
from memory.store.engine.database import Database, database_url
from memory.store.traffic import audit
from tests.fakes.model import FakeModel, Fault, Text
from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import PLATFORMS, ExternalAgents, state, whole
from tests.unit.planner.test_service import endpoint

OURS = "unguessable-key-of-ours-4711-abcdef"
THEIRS = "sk_live_" + "9aZ8yX7wV6uT5sR4qP3o"
PASSWORD = "Tr0ub4dor3horse"
CODED = base64.b64encode(f"Bearer {OURS}".encode()).decode()

ASKED = "Ask ChatGPT to write a haiku about rain"


def kept(folder: Path) -> Iterator[Path]:
    """Every file under the data folder that holds one of the planted secrets."""
    pieces = [secret.encode() for secret in (OURS, THEIRS, PASSWORD, CODED[8:-8])]
    for path in folder.rglob("*"):
        if path.is_file() and any(piece in path.read_bytes() for piece in pieces):
            yield path


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_no_planted_secret_is_stored_or_shown(platform: str, tmp_path: Path) -> None:
    async with FakeModel() as model:
        key = endpoint(model, api_key=SecretStr(OURS))
        external = ExternalAgents(tmp_path, endpoints=(key,))
        async with whole(platform, external) as ready:
            model.default = Text(f"Rain. Your key is {OURS}, {CODED}, theirs {THEIRS}.")
            await state(ready, Said("ana", ASKED), bot("1 task"), Reacts("ana", "✅"), bot(MARK))
            model.default = Fault(400, message=f"bad request with {OURS} and {CODED}")
            await state(
                ready,
                Said("ana", "Ask ChatGPT to write a poem about snow"),
                bot("1 task"),
                Reacts("ana", "✅"),
                bot("didn't accept the request"),
            )
            await state(
                ready,
                Said("ana", f"use {THEIRS} to charge the card"),
                bot("looks like a secret", "Delete your message"),
                Said("ana", f"remember the admin password is {PASSWORD}"),
                bot("looks like a secret"),
            )
            heard = ready.harness.heard()
        assert not any(secret in heard for secret in (OURS, THEIRS, PASSWORD, CODED[8:-8]))
        assert list(kept(tmp_path / "data")) == []


async def test_what_people_approve_is_sealed_by_the_whole_program(tmp_path: Path) -> None:
    async with whole("console", ExternalAgents(tmp_path)) as ready:
        (ready.files / "a.txt").write_text("some words to count")
        await state(ready, Said("ana", "count the words in a.txt"), bot("4"))
    keys = Seals(tmp_path / "data" / "seal.keys")
    database = Database(database_url(tmp_path / "data"))
    database.seal_with(keys)
    async with database.reading() as connection:
        verdict = await audit.verify(connection)
    await database.close()
    assert isinstance(verdict, Intact)
    assert verdict.sealed == verdict.rows > 0
