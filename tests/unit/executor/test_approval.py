"""The executor asks who may approve, with everyone's role as it is, before a run and each effect."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from memory.model.agents.spec import EffectClass
from memory.model.approvals.policy import PolicyRule, Who
from memory.model.audit import BrokenTerm
from memory.model.authority import Rules
from memory.model.base import PlanHash, ProjectId, RequestId
from memory.model.errors import NotAllowed
from memory.model.identity import Identity, Role
from memory.model.timing.clock import SystemClock
from memory.model.work.approval import PlanState
from memory.model.work.graph import Effect
from memory.model.work.plan import Plan
from memory.model.work.request import StoredRequest
from memory.model.work.run import RunState
from memory.privacy.seals import rotate
from memory.store.engine.database import Connection, Database
from memory.store.knowledge import projects
from memory.store.planning import plans, policies, requests
from memory.store.tables import approvals
from memory.store.tables import policies as policies_table
from memory.store.traffic import audit
from memory.store.traffic.seal_keys import seal_decisions
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    World,
    plan,
    says,
    scripted,
    task,
    world,
)

BO = ANA.model_copy(update={"user_id": "U-bo", "display": "bo"})
KIM = ANA.model_copy(update={"user_id": "U-kim", "display": "kim"})
PUBLISHES = (Effect(effect=EffectClass.PUBLISH, target="blog"),)
REFUSED = "until enough people who may approve it do"


async def asked_for(database: Database, root: Path, made: Plan, by: Identity = ANA) -> None:
    """Somebody's request and its plan, with what everybody is in the project."""
    at = SystemClock().now()
    async with database.transaction() as tx:
        await projects.make(tx, PROJECT, name=PROJECT, root=root, at=at)
        roles = {ANA: Role.MEMBER, BO: Role.APPROVER, KIM: Role.APPROVER}
        for person, role in roles.items():
            await projects.set_role(tx, PROJECT, person, role, at=at)
        request = StoredRequest(
            id=made.request, project=PROJECT, thread_key=THREAD, author=by, text="publish it"
        )
        await requests.create(tx, request, at=at)
        await plans.keep(tx, made, thread_key=THREAD, message_key="m", at=at)


async def approve(database: Database, made: PlanHash, *people: Identity) -> None:
    """These people's approvals as they were given, whoever they are now."""
    at = SystemClock().now()
    async with database.transaction() as tx:
        for person in people:
            await plans.decide(
                tx, PROJECT, made, person, Role.OWNER, "approve", via="words", message="m", at=at
            )
        await plans.move(tx, made, PlanState.APPROVED, only_from=PlanState.WAITING)


async def becomes(database: Database, person: Identity, role: Role) -> None:
    async with database.transaction() as tx:
        await projects.set_role(tx, PROJECT, person, role, at=SystemClock().now())


def published(title: str) -> Plan:
    first, second = task("think"), task("post", "think", effects=PUBLISHES)
    made = plan(first, second, title=title)
    return made.model_copy(update={"request": RequestId(f"r-{title}")})


async def start(here: World, made: Plan) -> str:
    return await here.executor.start(PROJECT, made.hash, thread_key=THREAD, by=ANA)


async def test_who_asked_is_not_who_approves(database: Database, tmp_path: Path) -> None:
    made = published("own")
    async with world(database, tmp_path, [scripted()]) as here:
        await asked_for(database, tmp_path, made, by=BO)
        await approve(database, made.hash, BO)
        with pytest.raises(NotAllowed, match=REFUSED):
            await start(here, made)


async def test_a_role_lost_since_counts_no_more(database: Database, tmp_path: Path) -> None:
    made = published("lost")
    async with world(database, tmp_path, [scripted()]) as here:
        await asked_for(database, tmp_path, made)
        await approve(database, made.hash, BO)
        await becomes(database, BO, Role.MEMBER)
        with pytest.raises(NotAllowed, match=REFUSED):
            await start(here, made)


async def test_a_quorum_counts_each_person_once(database: Database, tmp_path: Path) -> None:
    made = published("quorum")

    async def rules(_connection: Connection, _project: ProjectId) -> Rules:
        return Rules(quorum=2)

    async with world(database, tmp_path, [scripted()], rules=rules) as here:
        await asked_for(database, tmp_path, made)
        await approve(database, made.hash, BO)
        with pytest.raises(NotAllowed, match=REFUSED):
            await start(here, made)
        await approve(database, made.hash, KIM)
        run = await start(here, made)
        assert (await here.over(run)).state is RunState.SUCCEEDED


async def test_a_role_lost_before_the_effect_pauses_the_run(
    database: Database, tmp_path: Path
) -> None:
    made = published("halfway")

    async def demotes(call):  # type: ignore[no-untyped-def]  # a script of this test
        if call.task.key == "think":
            await becomes(database, BO, Role.VIEWER)
        return says("done")

    echo = scripted(does=demotes)
    async with world(database, tmp_path, [echo]) as here:
        await asked_for(database, tmp_path, made)
        await approve(database, made.hash, BO)
        run = await start(here, made)
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert view.problem == "Too few of the people who approved this plan may still approve it."
        assert [call.task.key for call in echo.calls] == ["think"]
        await becomes(database, BO, Role.APPROVER)
        await here.executor.resume(PROJECT, run, by=BO.key)
        assert (await here.over(run)).state is RunState.SUCCEEDED
        assert [call.task.key for call in echo.calls] == ["think", "post"]


SEAL = "seal doesn't hold"


async def sealed(database: Database, folder: Path) -> None:
    await seal_decisions(database, folder / "seal.keys", at=SystemClock().now())


async def test_a_forged_approval_starts_nothing(database: Database, tmp_path: Path) -> None:
    made = published("forged")
    await sealed(database, tmp_path)
    async with world(database, tmp_path, [scripted()]) as here:
        await asked_for(database, tmp_path, made)
        async with database.transaction() as tx:
            row = {"plan_hash": made.hash, "person": BO.key, "project_id": PROJECT, "role": "owner"}
            row |= {"decision": "approve", "via": "words", "message": "m", "seal": ""}
            forged = sa.insert(approvals).values(**row, at=SystemClock().now())
            await tx.execute(forged)
            await plans.move(tx, made.hash, PlanState.APPROVED, only_from=PlanState.WAITING)
        with pytest.raises(NotAllowed, match=SEAL):
            await start(here, made)
        await approve(database, made.hash, BO)  # his own word takes the place of the forged one
        run = await start(here, made)
        assert (await here.over(run)).state is RunState.SUCCEEDED


async def test_an_approval_changed_before_the_effect_pauses_the_run(
    database: Database, tmp_path: Path
) -> None:
    made = published("changed")
    await sealed(database, tmp_path)

    async def tampers(call):  # type: ignore[no-untyped-def]  # a script of this test
        if call.task.key == "think":
            async with database.transaction() as tx:
                await tx.execute(sa.update(approvals).values(person=KIM.key))
        return says("done")

    echo = scripted(does=tampers)
    async with world(database, tmp_path, [echo]) as here:
        await asked_for(database, tmp_path, made)
        await approve(database, made.hash, BO)
        run = await start(here, made)
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert SEAL in view.problem
        assert "U-kim" in view.problem
        assert [call.task.key for call in echo.calls] == ["think"]
        await here.executor.resume(PROJECT, run, by=BO.key)
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert [call.task.key for call in echo.calls] == ["think"]


async def test_an_approval_by_a_key_that_is_gone_starts_nothing(
    database: Database, tmp_path: Path
) -> None:
    made = published("oldkey")
    await sealed(database, tmp_path)
    async with world(database, tmp_path, [scripted()]) as here:
        await asked_for(database, tmp_path, made)
        await approve(database, made.hash, BO)
        rotate(tmp_path / "seal.keys")
        lines = (tmp_path / "seal.keys").read_text().splitlines()
        (tmp_path / "seal.keys").write_text(lines[1])
        with pytest.raises(NotAllowed, match=SEAL):
            await start(here, made)


async def ruled(database: Database, rule: PolicyRule) -> None:
    async with database.transaction() as tx:
        await policies.put(tx, PROJECT, rule, by=KIM, at=SystemClock().now())


TWO = PolicyRule(effect=EffectClass.PUBLISH, who=Who.APPROVER, count=2)


async def test_a_rule_of_the_project_is_asked_at_the_start(
    database: Database, tmp_path: Path
) -> None:
    made = published("ruled")
    async with world(database, tmp_path, [scripted()]) as here:
        await asked_for(database, tmp_path, made)
        await ruled(database, TWO)
        await approve(database, made.hash, BO)
        with pytest.raises(NotAllowed, match=REFUSED):
            await start(here, made)
        await approve(database, made.hash, KIM)
        run = await start(here, made)
        assert (await here.over(run)).state is RunState.SUCCEEDED


async def test_a_rule_set_while_it_runs_pauses_before_the_effect(
    database: Database, tmp_path: Path
) -> None:
    made = published("stricter")

    async def stricter(call):  # type: ignore[no-untyped-def]  # a script of this test
        if call.task.key == "think":
            await ruled(database, TWO)
        return says("done")

    echo = scripted(does=stricter)
    async with world(database, tmp_path, [echo]) as here:
        await asked_for(database, tmp_path, made)
        await approve(database, made.hash, BO)
        run = await start(here, made)
        await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert [call.task.key for call in echo.calls] == ["think"]


async def test_a_lent_right_counts_till_its_end_and_not_when_it_was_taken_back(
    database: Database, tmp_path: Path
) -> None:
    now = SystemClock().now()
    week = timedelta(days=7)
    for title, since, until, counts in (
        ("over", now - 2 * week, now - week, False),
        ("holds", now - week, now + week, True),
        ("later", now + week, now + 2 * week, False),
    ):
        made = published(title)
        async with world(database, tmp_path, [scripted()]) as here:
            await asked_for(database, tmp_path, made)
            await becomes(database, KIM, Role.MEMBER)
            async with database.transaction() as tx:
                lent = await policies.lend(tx, PROJECT, BO, KIM, since=since, until=until)
            await approve(database, made.hash, KIM)
            if counts:
                assert (await here.over(await start(here, made))).state is RunState.SUCCEEDED
            else:
                with pytest.raises(NotAllowed, match=REFUSED):
                    await start(here, made)
            async with database.transaction() as tx:
                await policies.end_lent(tx, PROJECT, lent.number, at=now)


async def test_a_rule_that_was_tampered_with_stops_everything(
    database: Database, tmp_path: Path
) -> None:
    made = published("tampered")
    await sealed(database, tmp_path)
    async with world(database, tmp_path, [scripted()]) as here:
        await asked_for(database, tmp_path, made)
        await ruled(database, TWO)
        async with database.transaction() as tx:
            await tx.execute(sa.update(policies_table).values(ended_at=SystemClock().now()))
        await approve(database, made.hash, BO, KIM)
        with pytest.raises(NotAllowed, match=REFUSED):
            await start(here, made)
        async with database.reading() as connection:
            broken = await audit.first_broken(connection)
        assert isinstance(broken, BrokenTerm)
        assert (broken.kind, broken.on) == ("policies", "1")
