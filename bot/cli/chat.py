"""`orchestra chat`: a person at this terminal, or a script."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from bot.chat import ChatPlatform
from bot.cli.desk import at_desk, login, looking
from bot.cli.log_setup import log_to_file
from bot.config.local_models import with_local_models
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH
from bot.language.table import completions
from bot.platforms.console.inline import protocol
from bot.platforms.console.lines import lines, open_script
from bot.platforms.console.markup import text_lines
from bot.platforms.console.platform import NAME, ConsolePlatform, spoken
from bot.platforms.console.screen import PlainScreen, PromptScreen, Screen
from bot.platforms.console.session import Bot, Session, person, read_person, read_script
from bot.render.help import offline_note
from memory.model.identity import ThreadRef
from memory.model.timing.clock import SystemClock, SystemIds

CHANNEL, THREAD = "chat", "main"
GREETING = "What would you like done? Say `help` to see what I can do; to leave, press Ctrl-D."


def chat(settings: Settings, *, script: Path | None, name: str) -> int:
    """Talk until the person leaves or the script ends.

    Gives back 0 when all went well, 1 when something failed or was refused. Raises
    Misconfigured and BadInput.
    """
    stream = open_script(script) if script is not None else None
    log_to_file(settings)
    speaker = name.strip() or login()
    if stream is None and sys.stdin.isatty() and sys.stdout.isatty():
        return asyncio.run(_talk(settings, speaker))
    return asyncio.run(_play(settings, speaker, stream or sys.stdin.buffer))


def say_once(settings: Settings, text: str) -> int:
    """Say one thing and print what comes of it; a plan waits, in a thread of its own."""
    log_to_file(settings)
    return asyncio.run(_play(settings, login(), BytesIO(f"{text}\n".encode())))


# --- a script ----------------------------------------------------------------------------------


async def _play(settings: Settings, speaker: str, stream: BinaryIO) -> int:
    """One thread of its own for each script, so that what was left open before stays there."""
    screen = PlainScreen(sys.stdout, shutil.get_terminal_size((100, 24)).columns)
    thread = SystemIds().new("script")
    async with _behind(settings, screen, thread) as (platform, app):
        session = _session(platform, speaker, thread)
        await read_script(session, app, lines(stream))
        return 0 if await _all_well(settings, session.thread) else 1


async def _all_well(settings: Settings, thread: ThreadRef) -> bool:
    from bot.queries.runs import all_well

    async with at_desk(settings) as desk, looking(desk) as asking:
        return await all_well(asking, thread)


# --- a person ----------------------------------------------------------------------------------


async def _talk(settings: Settings, speaker: str) -> int:
    """The prompt first; what stands behind it is imported and opened meanwhile."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.patch_stdout import patch_stdout

    words = WordCompleter(completions(), sentence=True)
    prompt: PromptSession[str] = PromptSession(completer=words, complete_while_typing=False)
    # One less: a line that fills the last column makes some terminals leave the next one blank.
    columns = min(shutil.get_terminal_size().columns - 1, 110)
    screen = PromptScreen(
        lambda text: print(text, end="", flush=True),
        lambda: prompt.app.invalidate(),
        columns,
        pictures=protocol(settings.terminal),
    )
    ready: asyncio.Future[Bot] = asyncio.get_running_loop().create_future()
    platform = _platform(settings, screen)
    session = _session(platform, speaker, THREAD)

    async def ask() -> str:
        return await prompt.prompt_async(
            f"{session.speaker.display:<10} ", bottom_toolbar=lambda: screen.bar or None
        )

    def tell(text: str) -> None:
        screen.print(spoken(NAME, text_lines(text, styled=True, columns=columns - 11)))

    with patch_stdout(raw=True):
        tell(GREETING)
        async with asyncio.TaskGroup() as group:
            behind = group.create_task(_stand_behind(settings, platform, ready))
            await read_person(session, ready, ask, tell=tell)
            behind.cancel()
    return 0


async def _stand_behind(
    settings: Settings, platform: ConsolePlatform, ready: asyncio.Future[Bot]
) -> None:
    async with _open(settings, platform) as app:
        ready.set_result(app)
        await asyncio.Event().wait()


# --- both --------------------------------------------------------------------------------------


@asynccontextmanager
async def _behind(
    settings: Settings, screen: Screen, session: str
) -> AsyncIterator[tuple[ConsolePlatform, Bot]]:
    platform = _platform(settings, screen, session)
    async with _open(settings, platform, ahead=False) as app:
        yield platform, app


@asynccontextmanager
async def _open(
    settings: Settings, platform: ConsolePlatform, *, ahead: bool = True
) -> AsyncIterator[Bot]:
    """The app, with local models found while its libraries are imported."""
    async with asyncio.TaskGroup() as group:
        imported = group.create_task(asyncio.to_thread(_import))
        found = group.create_task(with_local_models(settings))
    if not found.result().endpoints:
        note = text_lines(
            offline_note(ENGLISH),
            styled=platform.screen.styled,
            columns=platform.screen.columns - 11,
        )
        platform.screen.print(spoken(NAME, note))
    opened = imported.result()(found.result(), platforms=(platform,), ahead=ahead)
    async with opened as app:
        yield app


class _Build(Protocol):
    def __call__(
        self, settings: Settings, *, platforms: Sequence[ChatPlatform], ahead: bool
    ) -> AbstractAsyncContextManager[Bot]: ...


def _import() -> _Build:
    from bot.wiring import build

    return build


def _platform(settings: Settings, screen: Screen, session: str = "") -> ConsolePlatform:
    from executor.egress.files import ProjectFiles

    files = ProjectFiles(settings.data)
    name = session or SystemIds().new("chat")
    return ConsolePlatform(screen, settings.data, files.write, session=name)


def _session(platform: ConsolePlatform, speaker: str, thread: str) -> Session:
    where = ThreadRef(platform="console", workspace="local", channel=CHANNEL, thread=thread)
    return Session(platform, where, person(speaker), SystemClock(), SystemIds())
