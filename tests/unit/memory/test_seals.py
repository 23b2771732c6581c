"""What somebody with the database, but without the keys, does to it shows, on SQLite and Postgres."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from memory.model.audit import (
    Anchor,
    AnchorFault,
    AuditVerdict,
    BrokenAnchor,
    BrokenApproval,
    BrokenRow,
    Fault,
    Intact,
)
from memory.model.base import PlanHash, ProjectId
from memory.model.errors import Misconfigured
from memory.model.identity import Identity, Role
from memory.model.timing.stored_schedule import Standing
from memory.privacy import seals
from memory.privacy.seals import Check, Seals
from memory.store.engine.database import Database
from memory.store.planning import plans
from memory.store.scheduling import schedules
from memory.store.tables import approvals, standing_approvals
from memory.store.tables import audit as rows
from memory.store.traffic import audit
from memory.store.traffic.chain import GENESIS, hash_of
from memory.store.traffic.seal_keys import seal_decisions
from tests.conftest import SetClock

SALES = ProjectId("sales")
PLAN, OTHER = PlanHash("a" * 64), PlanHash("b" * 64)
ANA = Identity(platform="slack", workspace="T1", user_id="UANA")
BO = Identity(platform="slack", workspace="T1", user_id="UBO")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "outside" / "seal.keys"


@pytest.fixture
async def sealed(database: Database, clock: SetClock, keys: Path) -> Database:
    """Four sealed rows and two approvals."""
    await seal_decisions(database, keys, at=clock.now())
    await _recorded(database, clock, 4)
    await _approved(database, clock, ANA, BO)
    return database


async def _recorded(database: Database, clock: SetClock, count: int) -> None:
    for number in range(count):
        async with database.transaction() as tx:
            on, at = f"p{number}", clock.now()
            await audit.record(tx, SALES, actor=ANA.key, action="plan.approved", on=on, at=at)
        clock.forward(minutes=1)


async def _approved(database: Database, clock: SetClock, *people: Identity) -> None:
    async with database.transaction() as tx:
        for person in people:
            await plans.decide(
                tx, SALES, PLAN, person, Role.APPROVER, "approve", via="words", message="m1", at=clock.now()
            )  # fmt: skip


async def _verify(database: Database, *anchors: Anchor) -> AuditVerdict:
    async with database.reading() as connection:
        return await audit.verify(connection, anchors)


async def _alter(database: Database, *statements: sa.Executable) -> None:
    async with database.transaction() as tx:
        for statement in statements:
            await tx.execute(statement)


async def _rebuilt(database: Database, *, seals_too: bool, **changed: str) -> None:
    """The whole chain hashed anew, with other values in row 2: what an owner of the database can."""
    async with database.transaction() as tx:
        previous = GENESIS
        for found in (await tx.execute(sa.select(rows).order_by(rows.c.seq))).mappings().all():
            row = {**found, **(changed if found["seq"] == 2 else {}), "previous": previous}
            row["hash"] = previous = hash_of(row, previous)
            row["seal"] = "" if seals_too else row["seal"]
            await tx.execute(sa.update(rows).where(rows.c.seq == row["seq"]).values(**row))


async def test_what_is_recorded_and_approved_is_sealed(sealed: Database, keys: Path) -> None:
    verdict = await _verify(sealed)
    assert isinstance(verdict, Intact)
    assert (verdict.rows, verdict.sealed) == (4, 4)
    assert keys.stat().st_mode & 0o777 == 0o600
    async with sealed.reading() as connection:
        stored = (await connection.execute(sa.select(approvals.c.seal))).scalars().all()
    assert {seal.partition(":")[0] for seal in stored} == {Seals(keys).newest}


async def test_a_changed_row_shows_also_where_every_hash_was_made_anew(sealed: Database) -> None:
    await _rebuilt(sealed, seals_too=False, actor="slack:T1:MALLORY")
    broken = await _verify(sealed)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.fault) == (2, Fault.FORGED)


async def test_a_chain_without_its_seals_is_broken_now_and_when_it_grows(
    sealed: Database, clock: SetClock
) -> None:
    await _rebuilt(sealed, seals_too=True, actor="slack:T1:MALLORY")
    broken = await _verify(sealed)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.fault) == (4, Fault.UNSEALED)
    await _recorded(sealed, clock, 1)
    grown = await _verify(sealed)
    assert isinstance(grown, BrokenRow)
    assert (grown.seq, grown.fault) == (5, Fault.BEGINNING)


async def test_a_row_that_was_added_by_hand_shows(sealed: Database, clock: SetClock) -> None:
    async with sealed.transaction() as tx:
        newest = (await tx.execute(sa.select(rows.c.hash).order_by(rows.c.seq.desc()))).scalars()
        row = {
            "project_id": SALES,
            "actor": ANA.key,
            "action": "budget.set",
            "object": "x",
            "ids": {},
        }
        row |= {"at": clock.now(), "previous": newest.first()}
        row["hash"] = hash_of(row, row["previous"])
        await tx.execute(sa.insert(rows).values(**row))
    broken = await _verify(sealed)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.fault) == (5, Fault.UNSEALED)


async def test_deleted_and_swapped_rows_show(sealed: Database) -> None:
    await _alter(
        sealed,
        sa.update(rows).where(rows.c.seq == 2).values(seq=99),
        sa.update(rows).where(rows.c.seq == 3).values(seq=2),
        sa.update(rows).where(rows.c.seq == 99).values(seq=3),
    )
    swapped = await _verify(sealed)
    assert isinstance(swapped, BrokenRow)
    assert (swapped.seq, swapped.fault) == (2, Fault.PREVIOUS_HASH)
    await _alter(sealed, sa.delete(rows).where(rows.c.seq == 2))
    deleted = await _verify(sealed)
    assert isinstance(deleted, BrokenRow)
    assert deleted.seq == 4


async def test_rows_cut_from_the_end_show_against_an_anchor(
    sealed: Database, clock: SetClock
) -> None:
    async with sealed.reading() as connection:
        noted = await audit.anchor(connection, at=clock.now())
    assert noted is not None
    verdict = await _verify(sealed, noted)
    assert isinstance(verdict, Intact)
    assert verdict.anchors == 1
    false = noted.model_copy(update={"at": noted.at + timedelta(days=1)})
    assert await _verify(sealed, false) == BrokenAnchor(false, AnchorFault.FORGED)
    await _alter(sealed, sa.delete(rows).where(rows.c.seq == 4))
    assert isinstance(await _verify(sealed), Intact)
    assert await _verify(sealed, noted) == BrokenAnchor(noted, AnchorFault.GONE)
    await _recorded(sealed, clock, 1)
    await _alter(sealed, sa.update(rows).where(rows.c.seq > 3).values(seq=4))
    assert await _verify(sealed, noted) == BrokenAnchor(noted, AnchorFault.DIFFERS)


@pytest.mark.parametrize(
    "change",
    [
        {"person": "slack:T1:MALLORY"},
        {"plan_hash": OTHER},
        {"role": "owner"},
        {"decision": "refuse"},
        {"message": "m2"},
        {"seal": ""},
        {"seal": "k00000000:" + "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_an_approval_that_was_changed_counts_for_nothing(
    sealed: Database, change: dict[str, str]
) -> None:
    await _alter(sealed, sa.update(approvals).where(approvals.c.person == BO.key).values(**change))
    async with sealed.reading() as connection:
        held = [given.holds for given in await plans.decisions(connection, PLAN)]
        held += [given.holds for given in await plans.decisions(connection, OTHER)]
    assert sorted(held) == [False, True]
    broken = await _verify(sealed)
    assert isinstance(broken, BrokenApproval)
    assert broken.person == change.get("person", BO.key)


async def test_another_approvals_seal_does_not_fit(sealed: Database) -> None:
    async with sealed.transaction() as tx:
        theirs = sa.select(approvals).where(approvals.c.person == ANA.key)
        copied = dict((await tx.execute(theirs)).mappings().one())
        await tx.execute(sa.insert(approvals).values({**copied, "plan_hash": OTHER}))
        (forged,) = await plans.decisions(tx, OTHER)
    assert not forged.holds


async def test_a_standing_approval_is_sealed_until_it_is_ended(
    sealed: Database, clock: SetClock
) -> None:
    word = Standing(
        schedule="s1", plan=PLAN, person=BO.key, role=Role.OWNER, cost_cap_micro_usd=5,
        effects=("write:x",), at=clock.now(),
    )  # fmt: skip
    async with sealed.transaction() as tx:
        await schedules.approve(tx, SALES, word)
        assert await schedules.standing(tx, "s1", PLAN) == (word,)
    raised = sa.update(standing_approvals).values(cost_cap_micro_usd=5_000_000)
    await _alter(sealed, raised)
    async with sealed.reading() as connection:
        (given,) = await schedules.standing(connection, "s1", PLAN)
    assert not given.holds
    await _alter(sealed, sa.update(standing_approvals).values(cost_cap_micro_usd=5))
    async with sealed.transaction() as tx:
        await schedules.end_approvals(tx, "s1", at=clock.now())
    assert isinstance(await _verify(sealed), Intact)
    await _alter(sealed, sa.update(standing_approvals).values(ended_at=None))
    async with sealed.reading() as connection:
        (revived,) = await schedules.standing(connection, "s1", PLAN)
    assert not revived.holds


async def test_older_rows_are_taken_over_once_and_never_again(
    database: Database, clock: SetClock, keys: Path
) -> None:
    await _recorded(database, clock, 3)
    await _approved(database, clock, ANA)
    await seal_decisions(database, keys, at=clock.now())
    await _recorded(database, clock, 1)
    verdict = await _verify(database)
    assert isinstance(verdict, Intact)
    assert (verdict.rows, verdict.sealed) == (5, 2)
    async with database.reading() as connection:
        assert [given.holds for given in await plans.decisions(connection, PLAN)] == [True]
    await _alter(database, sa.update(approvals).values(seal=""))
    await seal_decisions(database, keys, at=clock.now())
    assert isinstance(await _verify(database), BrokenApproval)


async def test_a_rotated_key_seals_what_comes_and_the_old_one_still_checks(
    sealed: Database, clock: SetClock, keys: Path
) -> None:
    old = Seals(keys).newest
    new = seals.rotate(keys)
    await _recorded(sealed, clock, 1)
    async with sealed.reading() as connection:
        used = [row.seal.partition(":")[0] async for row in audit.every(connection)]
    assert used == [old] * 4 + [new]
    assert keys.stat().st_mode & 0o777 == 0o600
    assert isinstance(await _verify(sealed), Intact)
    keys.write_text(keys.read_text().splitlines()[1])
    broken = await _verify(sealed)
    assert isinstance(broken, BrokenRow)
    assert (broken.seq, broken.fault) == (1, Fault.UNKNOWN_KEY)


async def test_without_its_keys_a_sealed_database_is_not_opened(
    sealed: Database, clock: SetClock, keys: Path
) -> None:
    keys.rename(keys.with_name("moved"))
    with pytest.raises(Misconfigured, match="Copy that file"):
        await seal_decisions(sealed, keys, at=clock.now())
    assert not keys.exists()


@pytest.mark.parametrize(
    ("text", "mode", "why"),
    [
        (f"k1 {'ab' * 32}\n", 0o644, "chmod 600"),
        (f"k1 {'ab' * 8}\n", 0o600, "32 bytes"),
        ("k1 not-hex\n", 0o600, "one `ID HEX` a line"),
        ("", 0o600, "no key"),
    ],
)
def test_a_bad_file_of_keys_is_refused(tmp_path: Path, text: str, mode: int, why: str) -> None:
    path = tmp_path / "seal.keys"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(Misconfigured, match=why):
        Seals(path)


def test_a_seal_is_of_one_kind_of_row_and_of_every_field(tmp_path: Path) -> None:
    path = tmp_path / "seal.keys"
    assert seals.make(path)
    assert not seals.make(path)
    keys = Seals(path)
    seal = keys.seal("a", {"x": 1, "y": "2"})
    assert keys.check("a", {"y": "2", "x": 1}, seal) is Check.HOLDS
    for kind, row in (("b", {"x": 1, "y": "2"}), ("a", {"x": 1}), ("a", {"x": 1, "y": 2})):
        assert keys.check(kind, row, seal) is Check.FORGED
    assert keys.check("a", {}, "") is Check.MISSING
    assert keys.check("a", {}, "k9:00") is Check.UNKNOWN_KEY
