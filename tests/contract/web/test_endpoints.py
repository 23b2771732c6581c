"""Every endpoint there is: nobody comes in unasked, and nothing that's sent makes it fail."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from fastapi.routing import APIRoute

from bot.web.app import _ROOMS
from memory.model.access.caller import Scope
from memory.model.identity import Role
from tests.unit.bot.web.site import Site, site, somebody

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("web endpoints"),
]

CANARY = "canary4711"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with site(tmp_path_factory.mktemp("site")) as found:
        (found.settings.workspace / f"{CANARY}.txt").write_text(f"{CANARY}\n")
        await found.project("other", eve=Role.OWNER)
        async with found.browser() as ana:
            await ana.post("/api/v1/rules", {"text": f"always write for {CANARY}"})
            words = f"sort the lines of {CANARY}.txt and save them as {CANARY}.out.txt"
            await ana.post("/api/v1/sessions", {"text": words})
            await ana.until("/api/v1/waiting", lambda page: page["items"], found.app)
        yield found


async def described(here: Site) -> dict[str, Any]:
    async with here.browser() as browser:
        return dict(await browser.read("/api/v1/openapi.json"))


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


async def test_the_description_is_of_version_3_1_and_all_it_refers_to_is_there(
    here: Site,
) -> None:
    schema = await described(here)
    assert schema["openapi"].startswith("3.1")
    known = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert set(references(schema)) <= known
    ids = [operation["operationId"] for _, _, operation in operations(schema)]
    assert len(ids) == len(set(ids))
    assert all(operation.get("description") for _, _, operation in operations(schema))


def references(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if isinstance(found.get("$ref"), str):
            yield found["$ref"]
        for value in found.values():
            yield from references(value)
    if isinstance(found, list):
        for value in found:
            yield from references(value)


async def test_whoever_is_not_known_gets_nothing_from_any_endpoint(here: Site) -> None:
    async with here.stranger() as stranger:
        for method, path, _ in operations(await described(here)):
            if path.endswith("/login"):
                continue
            answer = await stranger.client.request(method, filled(path, "x"), json={})
            assert answer.status_code in {401, 422}, (method, path, answer.text)
            assert CANARY not in answer.text


VALUES = ["x", "%00", "..%2F..%2Fetc", "0", "-1", "9" * 40, "%F0%9F%90%88", "a" * 3000, "%ff"]
BODIES: list[Any] = [
    {}, [], None, 0, "x", {"hash": "x"}, {"text": "x" * 50_000}, {"project": {"a": 1}},
    {"project": "\U0001f408", "text": "\u202e", "values": {"a": 1}, "document": {"tasks": [[]]}},
    {"document": {"name": "x", "title": "x", "description": "x", "tasks": [{"key": 1}]}},
    {"limit_micro_usd": 10**30}, {"limit_micro_usd": -1}, {"value": 10**400}, {"yaml": "a: [" * 2000},
    {"yaml": "a: &a [*a]"}, {"emoji": "x", "removed": "maybe"},
]  # fmt: skip


async def test_nothing_that_is_sent_makes_an_endpoint_fail(here: Site) -> None:
    schema = await described(here)
    async with here.program() as program:
        for count, (method, path, _) in enumerate(operations(schema)):
            if path.endswith(("/events", "/openapi.json", "/logout")):
                continue
            for number, value in enumerate(VALUES):
                body = BODIES[(count + number) % len(BODIES)]
                query = {"project": value, "cursor": value, "limit": value, "q": value}
                params = query if number % 2 else {}
                answer = await program.client.request(
                    method, filled(path, value), json=body, params=params
                )
                if answer.status_code == 429:
                    continue
                assert answer.status_code < 500, (method, path, value, body, answer.text)
                if answer.status_code >= 400:
                    problem = answer.json()
                    assert problem["status"] == answer.status_code
                    assert problem["detail"][-1] in ".?!…", problem


async def test_nothing_of_another_project_is_in_any_answer(here: Site) -> None:
    async with here.browser() as ana, here.browser(somebody("eve")) as eve:
        (mine,) = [line for line in (await ana.read("/api/v1/me"))["projects"] if line["here"]]
        plan = (await ana.read("/api/v1/waiting"))["items"][0]["plan"]
        session = (await ana.read("/api/v1/sessions"))["items"][0]["id"]
        ids = [mine["id"], mine["name"], plan, session, "1"]
        for method, path, _ in operations(await described(here)):
            if method != "GET" or path.endswith(("/events", "/openapi.json")):
                continue
            for value in ids:
                for params in ({}, {"project": mine["id"]}):
                    answer = await eve.get(filled(path, value), params=params)
                    assert CANARY not in answer.text, (path, value)
                    assert answer.status_code < 500


async def test_the_owner_reads_every_list(here: Site) -> None:
    async with here.browser() as ana:
        for method, path, _ in operations(await described(here)):
            if method != "GET" or "{" in path or path.endswith(("/events", "/openapi.json")):
                continue
            answer = await ana.get(path)
            assert answer.status_code == 200, (path, answer.text)
        assert CANARY in (await ana.get("/api/v1/waiting")).text


CHANGES_NOTHING = {"/login", "/logout", "/orchestration/agents/select", "/workflows/validate"}


async def test_whatever_changes_something_asks_for_more_than_reading() -> None:
    found = 0
    for route in (route for room in _ROOMS for route in room.router.routes):
        assert isinstance(route, APIRoute)
        if route.methods & {"GET", "HEAD"} or route.path in CHANGES_NOTHING:
            continue
        if not route.include_in_schema:
            continue
        asked = {
            getattr(dependency.call, "scope", None) for dependency in route.dependant.dependencies
        }
        assert asked & {Scope.WORK, Scope.APPROVE}, route.path
        found += 1
    assert found > 20


def filled(path: str, value: str) -> str:
    parts = [value if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
