"""The whole program with its web server on loopback, and browsers and programs that call it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from bot.actions.access.logins import log_in, offer_link
from bot.actions.access.tokens import make_token
from bot.app import App
from bot.config.settings import ProjectSettings, Settings
from bot.config.web_settings import WebSettings
from bot.platforms.web.platform import WebPlatform
from bot.web.server import serving
from bot.wiring import build
from memory.model.access.caller import Scope
from memory.model.base import ProjectId
from memory.model.identity import Identity, Role
from memory.store.knowledge import projects

OWNER = Identity(platform="console", workspace="local", user_id="ana", display="ana")
ALL = tuple(Scope)


def somebody(name: str) -> Identity:
    return Identity(platform="web", workspace="local", user_id=name, display=name)


class Browser:
    """One browser, or a program with a token. Calls give back the answer, whatever its status."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        return await self.client.get(path, **options)

    async def read(self, path: str, **params: Any) -> Any:
        answer = await self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        return await self.client.post(path, json=body if body is not None else {}, **options)

    async def until(self, path: str, done: Callable[[Any], bool], app: App, **params: Any) -> Any:
        """Ask until what comes back is so; looks again whenever something was stored."""
        while not done(found := await self.read(path, **params)):
            await app.changed()
        return found


@dataclass
class Site:
    """The server at work. `url` is its address."""

    app: App
    url: str
    settings: Settings

    @asynccontextmanager
    async def browser(self, who: Identity = OWNER) -> AsyncIterator[Browser]:
        """A browser that has come in as this person."""
        services = await self.app.services()
        _, secret = await log_in(services, await offer_link(services, who, by=OWNER))
        async with self.stranger() as browser:
            browser.client.cookies.set("orchestra", secret)
            yield browser

    @asynccontextmanager
    async def stranger(self, **headers: str) -> AsyncIterator[Browser]:
        """A browser that nobody has let in."""
        sent = {"Origin": self.url, **headers}
        async with httpx2.AsyncClient(base_url=self.url, headers=sent, timeout=60) as client:
            yield Browser(client)

    @asynccontextmanager
    async def program(
        self, who: Identity = OWNER, *, scopes: tuple[Scope, ...] = ALL, project: str = ""
    ) -> AsyncIterator[Browser]:
        """A program with a token of this person."""
        services = await self.app.services()
        _, secret = await make_token(
            services, who, name="test", project=ProjectId(project), scopes=scopes, by=OWNER
        )
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=60) as client:
            yield Browser(client)

    async def project(self, name: str, **people: Role) -> ProjectId:
        """A project with these people, by the names of `somebody`."""
        services = await self.app.services()
        now = services.clock.now()
        folder = self.settings.data / "projects" / name
        folder.mkdir(parents=True)
        async with services.database.transaction() as tx:
            project = await projects.make(
                tx, ProjectId(f"prj_{name}"), name=name, root=folder, at=now
            )
            for person, role in people.items():
                await projects.set_role(tx, project, somebody(person), role, at=now)
        return project


@asynccontextmanager
async def site(folder: Path, *fixed: ProjectSettings) -> AsyncIterator[Site]:
    """The program, at work and on the web, until the end of the block."""
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        data=folder / "data",
        workspace=files,
        ollama_url="",
        pace_s=0.0,
        web=WebSettings(port=0),
        web_serves=True,
        projects=fixed,
    )
    settings.data.mkdir(parents=True, exist_ok=True)
    async with build(settings, platforms=(WebPlatform(),)) as app, serving(app, settings) as url:
        yield Site(app, url, settings)


Lines = Callable[[], Awaitable[str]]


@dataclass
class Event:
    """One event of a stream."""

    kind: str
    id: str
    data: Any


async def events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """The events of a stream, as a browser reads them; comments are left out."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        if "data" in fields:
            found = json.loads(fields["data"])
            yield Event(fields.get("event", "message"), fields.get("id", ""), found)
        fields = {}
