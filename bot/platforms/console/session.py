"""A person or a script at the terminal: lines become what the chat port knows."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from bot.chat import Incoming, Receive
from bot.language.emoji import only_emoji
from bot.language.table import BY_NAME
from bot.platforms.console.platform import ConsolePlatform, spoken
from memory.model.base import name_key
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.text import text
from memory.model.timing.clock import Clock, Ids

AT_ONCE: Final = frozenset(
    phrase
    for name in (
        *("run.status", "run.cancel", "run.pause", "run.resume"),
        *("work.stop", "work.stop_all", "budget.show", "help"),
    )
    for phrase in BY_NAME[name].phrases
)
"""Words a script may say while work is running; anything else waits for it."""

_MENTION: Final = re.compile(r"(?<![\w@])@([^\W_][\w.-]{0,63})")
_TO_THE_BOT: Final = re.compile(
    rf"^(?:[@/]orchestra\b[:,]?\s*|/(?=(?:{'|'.join(map(re.escape, sorted(AT_ONCE, key=len, reverse=True)))})\b))",
    re.IGNORECASE,
)
"""What need not be said here: `@orchestra`, `/orchestra`, and the slash of `/status`."""

_LEAVE: Final = frozenset({"/quit", "/exit", "/q"})


class Bot(Protocol):
    """What the session asks of the program behind it."""

    async def receive(self, incoming: Incoming) -> None:
        """Store what a person did."""
        ...

    async def settled(self) -> None:
        """Return when everything said has been dealt with and every answer shown."""
        ...

    async def changed(self) -> None:
        """Return when something was stored, or after a while."""
        ...

    async def working(self) -> bool:
        """Whether work is under way that needs no person to go on."""
        ...


@dataclass
class Session:
    """Who speaks, and where."""

    platform: ConsolePlatform
    thread: ThreadRef
    speaker: Identity
    clock: Clock
    ids: Ids

    def become(self, name: str) -> None:
        """From now on this person speaks."""
        self.speaker = person(name)

    async def say(self, line: str, receive: Receive) -> None:
        """Hand over one line: a reaction, a choice, or a message."""
        await receive(await self._incoming(line))

    async def _incoming(self, line: str) -> Incoming:
        event = {
            "event_id": self.ids.new("console"),
            "thread": self.thread,
            "author": self.speaker,
            "at": self.clock.now(),
        }
        emoji = only_emoji(line)
        if emoji is not None:
            target = self.platform.board.reacted(emoji, await self._earlier())
            if target is not None:
                found = {"kind": "reaction", "message": target.message, "thread": target.where}
                return Incoming.model_validate({**event, **found, "emoji": emoji})
        pressed = self.platform.board.pressed(line)
        if pressed is not None:
            ref, button = pressed
            found = {"kind": "button", "message": ref.message, "thread": ref.where}
            return Incoming.model_validate({**event, **found, "action": button.action})
        words = _TO_THE_BOT.sub("", line)
        names = [name.rstrip(".-") for name in _MENTION.findall(words)]
        mentions = tuple(dict.fromkeys(map(person, names)))
        message = self.ids.new("line")
        return Incoming.model_validate(
            {**event, "kind": "message", "message": message, "text": words, "mentions": mentions}
        )

    async def _earlier(self) -> tuple[MessageRef, ...]:
        if self.platform.waiting is None:
            return ()
        refs = await self.platform.waiting()
        return tuple(ref for ref in refs if ref.where.platform == self.platform.name)


def person(name: str) -> Identity:
    """Somebody at this terminal, by the name they give."""
    return Identity(
        platform="console", workspace="local", user_id=name_key(name) or "you", display=name
    )


async def read_script(session: Session, bot: Bot, lines: AsyncIterator[str]) -> None:
    """Say each line when the bot is done with the one before; at the end wait for running work."""
    async for line in lines:
        if name_key(line) in _LEAVE:
            break
        if line.startswith("/as "):
            session.become(line[4:].strip())
            continue
        await ready_for(line, bot)
        session.platform.screen.print(["", *spoken(session.speaker.display, [line]), ""])
        await session.say(line, bot.receive)
        await bot.settled()
    await _work_over(bot)


async def ready_for(line: str, bot: Bot) -> None:
    """Wait until the line makes sense: the work it speaks about is over, or asks somebody."""
    if name_key(line) not in AT_ONCE:
        await _work_over(bot)


async def _work_over(bot: Bot) -> None:
    await bot.settled()
    while await bot.working():
        await bot.changed()
        await bot.settled()
    await bot.settled()


async def read_person(
    session: Session,
    bot: Awaitable[Bot],
    ask: Callable[[], Awaitable[str]],
    *,
    tell: Callable[[str], None],
) -> None:
    """Hand over what is typed until `/quit`, Ctrl-D or a second Ctrl-C.

    The first line may be typed before the program behind is ready.
    """
    warned = False
    while True:
        try:
            line = (await ask()).strip()
        except KeyboardInterrupt:
            if warned:
                return
            warned = True
            tell(text("Press Ctrl-C again (or Ctrl-D) to quit. Running work continues next time."))
            continue
        except EOFError:
            return
        warned = False
        if name_key(line) in _LEAVE:
            return
        if line.startswith("/as "):
            session.become(line[4:].strip())
        elif line:
            await session.say(line, (await bot).receive)
