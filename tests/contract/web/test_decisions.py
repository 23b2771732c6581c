"""The approval table through the web: who may decide on a plan, and who never does."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.config.settings import ProjectSettings
from memory.model.access.caller import Scope
from memory.model.base import ProjectId
from memory.model.identity import Identity, Role
from memory.store.knowledge import people, projects
from memory.store.traffic import audit
from tests.unit.bot.web.site import Site, site, somebody

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("web decisions"),
]

TEAM = "team"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A project in which two people approve what a third asks for."""
    folder = tmp_path_factory.mktemp("site")
    fixed = ProjectSettings(
        name=TEAM,
        root=folder / TEAM,
        owners=(somebody("bo").key,),
        quorum=2,
        requester_may_approve=False,
    )
    async with site(folder, fixed) as found:
        (folder / TEAM).mkdir(exist_ok=True)
        (folder / TEAM / "notes.txt").write_text("b\na\n")
        roles = {"mia": Role.MEMBER, "kim": Role.MEMBER, "vic": Role.VIEWER, "kim2": Role.MEMBER}
        services = await found.app.services()
        now = services.clock.now()
        async with services.database.transaction() as tx:
            project = ProjectId("prj_team")
            project = await projects.make(tx, project, name=TEAM, root=folder / TEAM, at=now)
            for name, role in roles.items():
                await projects.set_role(tx, project, somebody(name), role, at=now)
            await projects.set_role(tx, project, somebody("bo"), Role.OWNER, at=now)
            for first, second in (("mia", "mia2"), ("kim", "kim2")):
                held = people.Code(account=somebody(first).key, display=first, taken_by="")
                assert await people.link(tx, held, somebody(second), at=now)
        yield found


async def planned(here: Site) -> str:
    """A plan that mia has asked for in her browser, and that waits."""
    async with here.browser(somebody("mia")) as mia:
        before = {plan["hash"] for plan in (await mia.read("/api/v1/plans"))["items"]}
        words = "sort the lines of notes.txt and save them as sorted.txt"
        answer = await mia.post("/api/v1/sessions", {"project": TEAM, "text": words})
        assert answer.status_code == 201, answer.text
        found = await mia.until(
            "/api/v1/plans",
            lambda page: any(plan["hash"] not in before for plan in page["items"]),
            here.app,
        )
    return str(next(plan["hash"] for plan in found["items"] if plan["hash"] not in before))


async def decided(here: Site, who: Identity, plan: str, how: str = "approve") -> tuple[int, str]:
    """What somebody is told who decides so: the status, and the outcome or the sentence."""
    async with here.browser(who) as browser:
        answer = await browser.post(f"/api/v1/plans/{plan}/{how}", {"hash": plan})
        body = answer.json()
        return answer.status_code, body.get("outcome") or body["detail"]


async def started(here: Site) -> int:
    async with here.browser(somebody("bo")) as bo:
        return len((await bo.read("/api/v1/runs", project=TEAM))["items"])


WRONG = [
    ("eve", 404, "no such plan among yours"),
    ("vic", 403, "read-only access"),
    ("mia", 403, "asked for"),
    ("mia2", 403, "asked for"),
]


async def test_only_two_other_people_start_it_and_one_person_counts_once(here: Site) -> None:
    plan = await planned(here)
    for name, status, says in WRONG:
        found = await decided(here, somebody(name), plan)
        assert found[0] == status, (name, found)
        assert says in found[1], (name, found)
    assert await decided(here, somebody("kim"), plan) == (200, "counted")
    assert await decided(here, somebody("kim2"), plan) == (200, "counted")
    assert await started(here) == 0
    assert await decided(here, somebody("bo"), plan) == (200, "approved")
    await here.app.settled()
    assert await started(here) == 1
    services = await here.app.services()
    async with services.database.reading() as connection:
        rows = await audit.listed(connection, project=None, action="plan.approved", limit=20)
    assert {(row.actor, row.ids["door"]) for row in rows} == {
        (somebody(name).key, "web") for name in ("kim", "kim2", "bo")
    }


async def test_a_decision_names_the_bytes_it_is_for_and_is_made_once(here: Site) -> None:
    plan = await planned(here)
    async with here.browser(somebody("kim")) as kim:
        other = await kim.post(f"/api/v1/plans/{plan}/approve", {"hash": "0" * 64})
        assert other.status_code == 400
        short = await kim.post(f"/api/v1/plans/{plan[:8]}/approve", {"hash": plan})
        assert short.status_code == 422
        data = await kim.get(f"/api/v1/plans/{plan}/bytes")
        assert data.status_code == 200
        key = {"Idempotency-Key": "once"}
        first = await kim.post(f"/api/v1/plans/{plan}/approve", {"hash": plan}, headers=key)
        taken = await kim.client.request("DELETE", f"/api/v1/plans/{plan}/approve")
        again = await kim.post(f"/api/v1/plans/{plan}/approve", {"hash": plan}, headers=key)
        assert (first.json(), taken.json()["outcome"]) == (again.json(), "withdrawn")
        detail = await kim.read(f"/api/v1/plans/{plan}")
        assert detail["approvals"] == []
        assert detail["needs"]["each"][0]["missing"] == 2


async def test_a_token_without_that_scope_decides_nothing(here: Site) -> None:
    plan = await planned(here)
    scopes = (Scope.READ, Scope.WORK)
    async with here.program(somebody("bo"), scopes=scopes) as program:
        for how in ("approve", "refuse"):
            answer = await program.post(f"/api/v1/plans/{plan}/{how}", {"hash": plan})
            assert answer.status_code == 403
        said = await program.post("/api/v1/sessions", {"project": TEAM, "text": "run"})
        assert said.status_code == 403
        assert (await program.read(f"/api/v1/plans/{plan}"))["state"] == "waiting"


async def test_who_refuses_it_is_told_in_its_thread(here: Site) -> None:
    plan = await planned(here)
    assert (await decided(here, somebody("vic"), plan, "refuse"))[0] == 403
    assert await decided(here, somebody("bo"), plan, "refuse") == (200, "dropped")
    await here.app.settled()
    async with here.browser(somebody("mia")) as mia:
        sessions = (await mia.read("/api/v1/sessions"))["items"]
        said = await mia.read(f"/api/v1/sessions/{sessions[0]['id']}/messages")
    assert any("bo" in message["text"] and message["tone"] == "closed" for message in said["items"])
