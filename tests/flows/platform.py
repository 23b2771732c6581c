"""A chat platform that keeps what is posted: the port's promises, and faults on order."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.chat import Attachment, OpenMessages, Outgoing, Receive, SendFailed
from memory.model.identity import Identity, MessageRef, ThreadRef


@dataclass
class Posted:
    """A message as people see it now."""

    ref: MessageRef
    key: str
    out: Outgoing
    edits: int = 0
    stamp: int = 0


@dataclass
class RecordingPlatform:
    """Speaks the chat port; `faults` are raised one per post, `lost` says the post arrived."""

    name: str = "testchat"
    messages: list[Posted] = field(default_factory=list)
    reactions: list[tuple[MessageRef, str]] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[tuple[SendFailed, bool]] = field(default_factory=list)
    finds: int = 0
    stamp: int = 0

    async def listen(self, receive: Receive, open_messages: OpenMessages) -> None:
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
        fault, arrives = self.faults.pop(0) if self.faults else (None, True)
        if arrives:
            ref = self._keep(thread, out, key, edits)
            self.files.update(files)
        if fault is not None:
            raise fault
        return ref

    def _keep(
        self, thread: ThreadRef, out: Outgoing, key: str, edits: MessageRef | None
    ) -> MessageRef:
        self.stamp += 1
        for posted in self.messages:
            if edits is not None and posted.ref.message == edits.message:
                posted.out, posted.edits, posted.stamp = out, posted.edits + 1, self.stamp
                return posted.ref
        ref = MessageRef(where=thread, message=f"m{len(self.messages) + 1}")
        self.messages.append(Posted(ref, key, out, stamp=self.stamp))
        return ref

    async def find(self, thread: ThreadRef, key: str) -> MessageRef | None:
        self.finds += 1
        return next((message.ref for message in self.messages if message.key == key), None)

    async def react(self, message: MessageRef, emoji: str) -> None:
        self.reactions.append((message, emoji))

    async def direct(self, person: Identity) -> ThreadRef:
        return ThreadRef(platform=self.name, workspace=person.workspace, channel=person.user_id)

    async def fetch(self, attachment: Attachment) -> bytes:
        if attachment.handle not in self.uploads:
            raise SendFailed("the file is gone")
        return self.uploads[attachment.handle]
