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
    message = ((data.get("resolved") or {}).get("messages") or {}).get(number) or {}
    guild = None if where.workspace == places.DIRECT else int(where.workspace)
    people = {
        str(user["id"]): str(user.get("global_name") or user["username"])
        for user in message.get("mentions") or ()
    }
    words = text.readable(
        str(message.get("content") or ""),
        own=re.compile(rf"<@!?{own}>"),
        name=lambda user: people.get(user, "someone"),
    )
    files = tuple(
        Attachment(
            name=str(file["filename"]),
            media_type=str(file.get("content_type") or "application/octet-stream"),
            size=int(file.get("size") or 0),
            handle=f"{message.get('channel_id')}/{number}/{file['id']}",
        )
        for file in message.get("attachments") or ()
    )
    if not (words.strip() or files):
        return None
    return Incoming(
        event_id=f"given:{number}:{author.user_id}",
        kind="message",
        thread=where,
        author=author,
        message=number,
        text=words,
        mentions=tuple(
            places.identity_of(int(user), guild, name)
            for user, name in people.items()
            if int(user) != own
        ),
        attachments=files,
        asks=True,
        at=interaction.created_at,
    )
