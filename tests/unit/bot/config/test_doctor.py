"""The doctor against real servers on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.checkup.doctor import Finding, examine
from bot.checkup.probes import discord_token, model_endpoint, slack_tokens
from bot.config.local_models import find_local, with_local_models
from bot.config.settings import DiscordSettings, Settings, SlackSettings
from memory.model.agents.endpoint import ModelEndpoint
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.engine.ownership import owning


class Outside:
    """Slack, Discord, a model provider and Ollama in one server; `seen` are the requests."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.url = ""
        self.models: object = {"data": [{"id": "models/good"}]}
        self.tags: object = {"models": [{"name": "llama4:latest"}, {"name": "nomic-embed-text"}]}

    async def handle(self, request: web.Request) -> web.Response:
        self.seen.append(request.path)
        token = request.headers.get("Authorization", "").rpartition(" ")[2]
        replies = {
            ("/slack/auth.test", "xoxb-good"): {"ok": True, "user": "orchestra", "team": "Acme"},
            ("/slack/apps.connections.open", "xapp-good"): {"ok": True, "url": "wss://x"},
            ("/slack/usergroups.users.list", "xoxb-good"): {"ok": "S1" in request.query_string},
            ("/discord/users/@me", "good"): {"username": "orchestra"},
            ("/v1/models", "good"): self.models,
            ("/api/tags", ""): self.tags,
        }
        if (request.path, token) in replies:
            return web.json_response(replies[request.path, token])
        if request.path.startswith("/slack/"):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if request.path == "/junk/models":
            return web.Response(text="[" * 100_000)
        return web.Response(status=404 if "bad" in request.path else 401, text="<html>")


@asynccontextmanager
async def serving(outside: Outside) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", outside.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    server = Outside()
    async with serving(server) as url:
        server.url = url
        yield server


def endpoint(url: str, *, key: str = "good", model: str = "good") -> ModelEndpoint:
    return ModelEndpoint(
        name="m", title="M", provider="openai", base_url=url, model=model, api_key=SecretStr(key)
    )


def by_name(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings}


async def test_tokens_that_are_good_are_named_by_who_they_are(outside: Outside) -> None:
    slack = SlackSettings(
        bot_token=SecretStr("xoxb-good"),
        app_token=SecretStr("xapp-good"),
        api_url=f"{outside.url}/slack/",
    )
    assert (await slack_tokens(slack)).text == "orchestra in Acme"
    discord = DiscordSettings(token=SecretStr("good"), api_url=f"{outside.url}/discord")
    assert (await discord_token(discord)).text == "orchestra"
    assert (await model_endpoint(endpoint(f"{outside.url}/v1"))).text == "good"


async def test_groups_that_slack_says_nothing_of_are_named(outside: Outside) -> None:
    slack = SlackSettings(
        bot_token=SecretStr("xoxb-good"),
        app_token=SecretStr("xapp-good"),
        api_url=f"{outside.url}/slack/",
    )
    assert (await slack_tokens(slack, ["slack:T1:S1"])).good
    probe = await slack_tokens(slack, ["slack:T1:S1", "slack:T1:S2"])
    assert not probe.good
    assert "slack:T1:S2" in probe.text
    assert "usergroups:read" in probe.remedy


@pytest.mark.parametrize(
    ("bot", "app", "says"),
    [("xoxb-bad", "xapp-good", "SLACK_BOT_TOKEN"), ("xoxb-good", "xapp-bad", "SLACK_APP_TOKEN")],
)
async def test_a_refused_slack_token_says_which_to_copy(
    outside: Outside, bot: str, app: str, says: str
) -> None:
    probe = await slack_tokens(
        SlackSettings(
            bot_token=SecretStr(bot), app_token=SecretStr(app), api_url=f"{outside.url}/slack"
        )
    )
    assert not probe.good
    assert "invalid_auth" in probe.text
    assert says in probe.remedy


@pytest.mark.parametrize(
    ("path", "key", "model", "says"),
    [
        ("/v1", "bad", "good", "refuses the key"),
        ("/v1", "good", "other", "doesn't offer other"),
        ("/bad", "good", "good", "answered 404"),
        ("/junk", "good", "good", "good"),
    ],
)
async def test_an_endpoints_trouble_is_told_by_its_kind(
    outside: Outside, path: str, key: str, model: str, says: str
) -> None:
    probe = await model_endpoint(endpoint(outside.url + path, key=key, model=model))
    assert says in probe.text


async def test_what_cannot_be_reached_is_said_and_not_raised() -> None:
    nowhere = "http://127.0.0.1:1"
    assert "can't be reached" in (await model_endpoint(endpoint(nowhere))).text
    discord = DiscordSettings(token=SecretStr("x"), api_url=nowhere)
    assert not (await discord_token(discord)).good
    assert "can't be reached" in (await model_endpoint(endpoint("nonsense"))).text


async def test_a_running_ollama_is_found_without_its_embedding_models(outside: Outside) -> None:
    found = await find_local(outside.url, limit_s=5)
    assert [(one.name, one.title, one.base_url) for one in found] == [
        ("ollama/llama4", "llama4 (Ollama)", f"{outside.url}/v1")
    ]


@pytest.mark.parametrize("tags", [None, [], {"models": 3}, {"models": [{"name": 3}, None]}, "x"])
async def test_a_server_that_is_no_ollama_is_left_alone(outside: Outside, tags: object) -> None:
    outside.tags = tags
    assert await find_local(outside.url, limit_s=5) == ()


async def test_no_other_machine_is_ever_asked() -> None:
    assert await find_local("http://203.0.113.1:11434") == ()
    assert await find_local("") == ()
    assert await find_local("http://127.0.0.1:1") == ()


async def test_a_server_that_never_answers_costs_no_more_than_the_limit() -> None:
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _r, writer: held.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with asyncio.timeout(5):
        assert await find_local(f"http://127.0.0.1:{port}", limit_s=0.05) == ()
    for writer in held:
        writer.close()
    server.close()


async def test_local_models_come_after_those_that_were_set(
    outside: Outside, tmp_path: Path
) -> None:
    settings = Settings(
        data=tmp_path,
        workspace=tmp_path,
        ollama_url=outside.url,
        endpoints=(endpoint(f"{outside.url}/v1"),),
    )
    names = [one.name for one in (await with_local_models(settings)).endpoints]
    assert names[0] == "m"


async def test_a_used_data_folder_is_examined_while_it_is_in_use(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with owning(data):
        database = Database(database_url(data))
        await schema.upgrade(database)
        settings = Settings(data=data, workspace=tmp_path, ollama_url="")
        findings = by_name(await examine(settings))
        await database.close()
        assert findings["data folder"].text.startswith(f"{data}, in use by process ")
        assert findings["database"].state == "ok"
        assert "write-ahead log, tables in place" in findings["database"].text
    assert by_name(await examine(settings))["data folder"].text == f"{data}, free"


async def test_a_spoilt_database_is_broken_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "orchestra.db").write_bytes(b"this is no database" * 500)
    settings = Settings(data=tmp_path, workspace=tmp_path, ollama_url="")
    found = by_name(await examine(settings))["database"]
    assert found.state == "broken"
    assert "restore a copy" in found.remedy


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "postgresql://u@127.0.0.1:1/x"])
async def test_a_database_that_cannot_be_used_says_why(tmp_path: Path, url: str) -> None:
    settings = Settings(
        data=tmp_path, workspace=tmp_path, ollama_url="", database_url=SecretStr(url)
    )
    found = by_name(await examine(settings))["database"]
    assert found.state == "broken"
    assert found.remedy


async def test_unset_tokens_ask_nobody(outside: Outside, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, workspace=tmp_path, ollama_url="")
    findings = by_name(await examine(settings))
    assert (
        findings["Slack"].state == findings["Discord"].state == findings["model"].state == "absent"
    )
    assert outside.seen == []
