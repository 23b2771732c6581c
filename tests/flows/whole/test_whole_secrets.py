"""No secret is stored, shown or sent: planted in words, errors, answers and files, then looked for."""

import base64
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from memory.model.agents.external import Hook, Program
from memory.model.agents.spec import EffectClass
from memory.model.audit import Intact
from memory.model.base import AgentName
from memory.privacy.redaction import MARK
from memory.privacy.seals import Seals
from memory.store.engine.database import Database, database_url
from memory.store.traffic import audit
from tests.fakes.hook import FakeHook
from tests.fakes.model import FakeModel, Fault, Text
from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import IN_TURN, ExternalAgents, state, whole
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


@pytest.mark.parametrize("platform", IN_TURN)
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
                bot("I stored it as", "secret:stripe", "Delete your message"),
                Said("ana", f"remember the admin password is {PASSWORD}"),
                bot("I stored it as", "secret:password"),
            )
            heard = ready.harness.heard()
        assert not any(secret in heard for secret in (OURS, THEIRS, PASSWORD, CODED[8:-8]))
        assert list(kept(tmp_path / "data")) == []


ECHO = (
    "import base64, os; key = os.environ['STRIPE_KEY']; "
    "print(len(key), key, base64.b64encode(key.encode()).decode(), key.encode().hex())"
)
CODER = Program(
    name=AgentName("coder"), title="Coder", path=os.environ["PATH"], memory_bytes=500_000_000,
    writable=False, network=False, command=(sys.executable, "-I", "-S", "-c", ECHO),
    env={"STRIPE_KEY": "secret:stripe"}, reads=(Path(sys.base_prefix), Path(sys.prefix)),
)  # fmt: skip


async def holding(database: Database, pieces: list[str]) -> set[str]:
    """Every column of every table that holds one of them: whatever tables there are."""
    found = set[str]()
    async with database.reading() as connection:
        tables = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
        for name in tables:
            rows = await connection.execute(sa.text(f'SELECT * FROM "{name}"'))
            for row in rows.mappings():
                found |= {
                    f"{name}.{column}"
                    for column, value in row.items()
                    if any(piece in str(value) for piece in pieces)
                }
    return found


async def test_a_handle_is_filled_at_the_boundary_alone(tmp_path: Path) -> None:
    pieces = [THEIRS, base64.b64encode(THEIRS.encode()).decode(), THEIRS.encode().hex()]
    async with FakeModel() as model, FakeHook() as hook:
        desk = Hook(
            name=AgentName("desk"), title="Desk", url=hook.url("echo"),
            given={"Authorization": "Bearer secret:stripe"}, effect=EffectClass.READ,
        )  # fmt: skip
        external = ExternalAgents(
            tmp_path, endpoints=(endpoint(model),), programs=(CODER,), hooks=(desk,)
        )
        async with whole("console", external) as ready:
            await state(
                ready,
                Said("ana", "Ask Coder to look at secret:stripe"),
                bot("1 task"), Reacts("ana", "✅"), bot("no secret:stripe"),
                Said("ana", f"our stripe key is {THEIRS}"),
                bot("I stored it as", "secret:stripe"),
                Said("ana", "Ask Coder to look at secret:stripe again"),
                bot("1 task"), Reacts("ana", "✅"), bot(f"{len(THEIRS)} {MARK} {MARK}"),
                Said("ana", "Ask Desk to charge the card with secret:stripe"),
                bot("1 task"), Reacts("ana", "✅"), bot(f"did it Bearer {MARK}"),
                Said("ana", "secrets"), bot("secret:stripe", "last used on"),
            )  # fmt: skip
            heard = ready.harness.heard()
        (called,) = hook.seen
    assert called.headers["Authorization"] == f"Bearer {THEIRS}"
    asked = [str(vars(request)) for request in model.requests]
    assert not [text for text in (heard, *asked) if any(piece in text for piece in pieces)]
    database = Database(database_url(tmp_path / "data"))
    assert await holding(database, pieces) == set()
    assert await holding(database, ["secret:stripe"])  # it finds what is there
    await database.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    planted = [piece.encode() for piece in pieces]
    assert not [path for path in files if any(piece in path.read_bytes() for piece in planted)]
    keys = (tmp_path / "data" / "seal.keys").read_text().split()[1]
    assert not [path for path in files if keys in path.read_bytes().decode("latin-1")][1:]


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
