"""The browser as a chat platform: what is posted is a row already, so posting tells the pages."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from bot.chat import Attachment, OpenMessages, Outgoing, Receive, SendFailed
from memory.model.identity import Identity, MessageRef, ThreadRef

NAME: Final = "web"


class WebPlatform:
    """Sessions are threads; a page reads their messages from the outbox and what people said."""

    name = NAME

    def __init__(self) -> None:
        self.heard_by: list[Callable[[ThreadRef], None]] = []
        """Called when something was posted there, or changed."""

    async def listen(self, receive: Receive, open_messages: OpenMessages) -> None:
        """Wait until cancelled: the API hands over what people do."""
        del receive, open_messages
        await asyncio.Event().wait()

    async def post(
        self,
        thread: ThreadRef,
        out: Outgoing,
        files: Mapping[str, bytes],
        *,
        key: str,
        edits: MessageRef | None = None,
    ) -> MessageRef:
        """Tell the pages that look at the thread; its key is the message's id."""
        del out, files
        for hear in self.heard_by:
            hear(thread)
        return edits or MessageRef(where=thread, message=key)

    async def find(self, thread: ThreadRef, key: str) -> MessageRef | None:
        """The message with this key: its row is all there is to it."""
        return MessageRef(where=thread, message=key)

    async def react(self, message: MessageRef, emoji: str) -> None:
        """Nothing: a page shows by itself that something was taken."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """There are no attachments here yet. Raises SendFailed."""
        raise SendFailed("{name} can't be fetched from a browser", name=attachment.name)

    async def direct(self, person: Identity) -> ThreadRef:
        """Nobody is told alone in a browser. Raises SendFailed."""
        raise SendFailed("{name} can't be told alone in a browser", name=person.display)
