"""Who comes in by the web: one-time links, cookies, tokens, and everybody else not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions.access.logins import offer_link
from bot.config.settings import load
from bot.web.guard import MOST_BYTES
from memory.model.access.caller import Scope
from memory.model.errors import Misconfigured
from memory.model.identity import Role
from memory.store.access import browsers
from memory.store.traffic import audit
from tests.unit.bot.web.site import OWNER, Site, site, somebody

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("web ways in"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with site(tmp_path_factory.mktemp("site")) as found:
        yield found


async def test_a_link_lets_one_browser_in_once(here: Site) -> None:
    services = await here.app.services()
    code = await offer_link(services, OWNER, by=OWNER)
    async with here.stranger() as first, here.stranger() as second:
        answer = await first.post("/api/v1/login", {"code": code})
        assert answer.json()["person"] == OWNER.key
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        again = await second.post("/api/v1/login", {"code": code})
        assert again.status_code == 403
        assert "used before" in again.json()["detail"]
        assert (await first.get("/api/v1/me")).status_code == 200
        assert (await second.get("/api/v1/me")).status_code == 401


async def test_a_link_is_over_after_a_minute(here: Site) -> None:
    services = await here.app.services()
    now = services.clock.now()
    async with services.database.transaction() as tx:
        code = await browsers.offer(tx, OWNER, at=now - timedelta(seconds=61))
    async with here.stranger() as late:
        assert (await late.post("/api/v1/login", {"code": code})).status_code == 403


async def test_after_going_out_the_cookie_is_good_for_nothing(here: Site) -> None:
    async with here.browser() as browser:
        cookie = browser.client.cookies["orchestra"]
        assert (await browser.post("/api/v1/logout")).status_code == 204
        async with here.stranger(Cookie=f"orchestra={cookie}") as thief:
            assert (await thief.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", ""])
async def test_a_write_from_another_site_is_refused_and_does_nothing(
    here: Site, origin: str
) -> None:
    async with here.browser() as browser:
        answer = await browser.post("/api/v1/logout", headers={"Origin": origin})
        assert answer.status_code == 403
        assert "another site" in answer.json()["detail"]
        assert (await browser.get("/api/v1/me")).status_code == 200


async def test_a_server_called_by_a_strange_name_answers_nothing(here: Site) -> None:
    async with here.browser() as browser:
        answer = await browser.get("/api/v1/me", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert OWNER.key not in answer.text


async def test_a_token_does_what_its_scopes_say_and_nothing_else(here: Site) -> None:
    path = f"/api/v1/projects/{(await projects_of(here))[0]}/stop"
    async with here.program(scopes=(Scope.READ,)) as reader:
        assert (await reader.get("/api/v1/runs")).status_code == 200
        refused = await reader.post(path)
        assert refused.status_code == 403
        assert "scope work" in refused.json()["detail"]
    async with here.program(scopes=(Scope.WORK,)) as worker:
        assert (await worker.get("/api/v1/runs")).status_code == 403


async def test_a_token_goes_before_a_cookie_and_a_wrong_one_gets_nowhere(here: Site) -> None:
    async with here.browser() as browser:
        for shown in ("Bearer orc_wrong", "Bearer", "Basic abc", "orc_x"):
            answer = await browser.get("/api/v1/me", headers={"Authorization": shown})
            assert answer.status_code == 401, shown


async def test_a_token_of_one_project_sees_no_other(here: Site) -> None:
    mine = await here.project("mine", bo=Role.OWNER)
    other = await here.project("other", bo=Role.OWNER)
    async with here.program(somebody("bo"), project=mine) as program:
        me = await program.read("/api/v1/me")
        assert [project["id"] for project in me["projects"]] == [mine]
        answer = await program.get("/api/v1/runs", params={"project": other})
        assert answer.status_code == 404


async def test_nobody_is_told_whether_a_project_of_others_exists(here: Site) -> None:
    await here.project("hidden", kim=Role.OWNER)
    async with here.browser(somebody("eve")) as eve:
        answers = [
            await eve.get("/api/v1/runs", params={"project": name})
            for name in ("hidden", "prj_hidden", "nothing of the kind")
        ]
        assert len({answer.text for answer in answers}) == 1
        assert (await eve.read("/api/v1/overview"))["runs"] == []


FIELDS = b'"wait": "w", "text": '
BODIES = [
    (b"", 422),
    (b"{", 400),
    (b"[]", 422),
    (b'"x"', 422),
    (b"{" + FIELDS + b"NaN}", 400),
    (b"{" + FIELDS + b"1e999}", 422),
    (b"{" + FIELDS + b"5}", 422),
    (b"{" + FIELDS + b'"x", "more": 1}', 422),
    (b"{" + FIELDS + b'"\\ud800"}', 400),
    (b"{" + FIELDS + b'"a\\u0000b"}', 400),
    (b"\xff\xfe", 400),
    (b"[" * 100_000, 400),
    (b"{" + FIELDS + b'"' + b"x" * 40_001 + b'"}', 422),
    (b" " * (MOST_BYTES + 1), 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=[str(body[:40]) for body, _ in BODIES])
async def test_a_hostile_body_is_refused_in_a_sentence(
    here: Site, body: bytes, status: int
) -> None:
    async with here.program() as program:
        answer = await program.client.post(
            "/api/v1/runs/none/answers", content=body, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["detail"].endswith(".")
    assert problem["status"] == status


async def test_ways_in_are_on_the_audit_chain_without_what_is_secret(here: Site) -> None:
    services = await here.app.services()
    code = await offer_link(services, somebody("zoe"), by=OWNER)
    async with here.stranger() as browser:
        await browser.post("/api/v1/login", {"code": code})
        secret = browser.client.cookies["orchestra"]
    async with services.database.reading() as connection:
        rows = await audit.listed(connection, project=None, limit=200)
        held = str([row.model_dump() for row in rows])
    assert {"web.link_made", "web.logged_in"} <= {row.action for row in rows}
    assert secret not in held
    assert code not in held


async def test_too_many_tries_to_come_in_have_to_wait(tmp_path: Path) -> None:
    async with site(tmp_path) as fresh, fresh.stranger() as guesser:
        answers = [await guesser.post("/api/v1/login", {"code": "guess"}) for _ in range(30)]
        assert {answer.status_code for answer in answers} == {403, 429}


async def test_the_server_stops_at_once_though_somebody_watches(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(60):
        async with site(tmp_path) as fresh:
            browser = await fresh.browser().__aenter__()
            stream = browser.client.stream("GET", "/api/v1/events")
            lines = (await stream.__aenter__()).aiter_lines()
            assert await anext(lines) == "retry: 2000"
            began = loop.time()
        assert loop.time() - began < 20  # of which most is the program's own end


async def test_it_listens_elsewhere_only_where_people_can_come_in_safely(tmp_path: Path) -> None:
    file = tmp_path / "data" / "orchestra.toml"
    file.parent.mkdir()

    def loaded(text: str) -> str:
        file.write_text(text)
        return load(config=file, data=file.parent, workspace=tmp_path, environ={}).web.bind

    assert loaded('[web]\nserve = true\nbind = "::1"') == "::1"
    with pytest.raises(Misconfigured, match="anybody there could read along"):
        loaded('[web]\nbind = "0.0.0.0"')
    with pytest.raises(Misconfigured, match="anybody there could read along"):
        loaded('[web]\nbind = "0.0.0.0"\nurl = "http://example.org"')
    assert loaded('[web]\nbind = "0.0.0.0"\nurl = "https://example.org"') == "0.0.0.0"


async def projects_of(here: Site) -> list[str]:
    async with here.browser() as browser:
        return [project["id"] for project in (await browser.read("/api/v1/me"))["projects"]]
