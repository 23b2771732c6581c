"""A message that is given to us as work, by its menu."""

import re
from typing import Any

import discord

from bot.chat import Attachment, Incoming
from bot.platforms.discord import places, text
from memory.model.identity import Identity, ThreadRef

MESSAGE_COMMAND = 3


def is_given(interaction: discord.Interaction[Any]) -> bool:
    """Whether somebody gives us a message."""
    data: Any = interaction.data or {}
    command = interaction.type is discord.InteractionType.application_command
    return command and data.get("type") == MESSAGE_COMMAND


def given(
    interaction: discord.Interaction[Any], where: ThreadRef, author: Identity, *, own: int
) -> Incoming | None:
    """Its words as said by whoever pressed, once for each of them; None for one without any."""
    data: Any = interaction.data or {}
    number = str(data.get("target_id", ""))
    message = data.get("resolved", {}).get("messages", {}).get(number, {})
    people = {str(user["id"]): str(user["username"]) for user in message.get("mentions", ())}
    words = text.readable(
        message.get("content", ""),
        own=re.compile(rf"<@!?{own}>"),
        name=lambda user: people.get(user, "someone"),
    )
    files = _files(message, number)
    if not (words or files):
        return None
    return Incoming(
        event_id=f"given:{number}:{author.user_id}",
        kind="message",
        thread=where,
        author=author,
        message=number,
        text=words,
        mentions=_mentioned(people, where, own),
        attachments=files,
        asks=True,
        at=interaction.created_at,
    )


def _mentioned(people: dict[str, str], where: ThreadRef, own: int) -> tuple[Identity, ...]:
    guild = None if where.workspace == places.DIRECT else int(where.workspace)
    others = {user: name for user, name in people.items() if int(user) != own}
    return tuple(places.identity_of(int(user), guild, name) for user, name in others.items())


def _files(message: dict[str, Any], number: str) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=str(file["filename"]),
            media_type=str(file.get("content_type", "application/octet-stream")),
            size=int(file.get("size", 0)),
            handle=f"{message['channel_id']}/{number}/{file['id']}",
        )
        for file in message.get("attachments", ())
    )
