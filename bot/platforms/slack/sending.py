"""Outgoing to Slack: post once, edit, and find again what may have arrived."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat import OutFile, Outgoing, Section, SendFailed
from bot.language.emoji import shortcode
from bot.platforms.recent import Recent
from bot.platforms.slack import limits
from bot.platforms.slack.blocks import Body, Picture, bodies
from bot.platforms.slack.files import SHOWN, Files
from bot.platforms.slack.trouble import TROUBLE, error_code, send_failed
from memory.model.base import sha256
from memory.model.crash import crashpoint, declare
from memory.model.identity import MessageRef, ThreadRef
from memory.model.text import text

declare("after_post_before_rest")

EVENT_TYPE: Final = "orchestra"
_PAGES: Final = 20  # of 200 messages
_log = structlog.get_logger()


@dataclass(frozen=True)
class Rest:
    """What is still to be done once the message stands; kept in its metadata."""

    files: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()


class Sender:
    """Writes messages. Every failure is a SendFailed."""

    def __init__(self, client: AsyncWebClient, files: Files) -> None:
        self._client = client
        self._files = files
        self._seeded: Recent[tuple[str, str, str], bool] = Recent()

    async def post(
        self, where: ThreadRef, out: Outgoing, data: Mapping[str, bytes], *, key: str
    ) -> str:
        """Post the message, its continuations, files and reactions; the first one's ts.

        All bytes are at Slack before the message is, so that what is left can be finished by
        `find` if we stop between.
        """
        out, data = _shortened(out, data)
        shown, attached = _sorted(out.files)
        pictures, late = await self._pictures(shown, data)
        attached += late
        rest, out = await self._uploaded(out, attached, data)
        first, *others = bodies(out, pictures)
        try:
            ts = await self._say(where, first, key, rest)
        except SlackApiError as error:
            plainer = _plainer(out, shown) if error_code(error) == "invalid_blocks" else None
            if plainer is None:
                raise send_failed(error) from error
            return await self.post(where, plainer, data, key=key)
        except TROUBLE as error:
            raise send_failed(error) from error
        crashpoint("after_post_before_rest")
        for number, body in enumerate(others, start=1):
            await self._follow(where, body, f"{key}#{number}")
        await self._finish(where, ts, rest, known_new=True)
        return ts

    async def edit(self, message: MessageRef, out: Outgoing, data: Mapping[str, bytes]) -> None:
        """Turn a message into this one; what does not fit into one is left off."""
        shown, attached = _sorted(out.files)
        pictures, _ = await self._pictures(shown, data)
        first, *others = bodies(out, pictures)
        if others:
            cut = {"type": "mrkdwn", "text": f"_{text('(the rest is left out here)')}_"}
            first = Body(
                first.text,
                [*first.blocks[: limits.BLOCKS - 1], {"type": "context", "elements": [cut]}],
            )
        where = message.where
        try:
            await self._client.chat_update(
                channel=where.channel, ts=message.message, text=first.text, blocks=first.blocks
            )
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error
        rest, _ = await self._uploaded(out, attached, data)
        await self._finish(where, message.message, rest, known_new=True)
        await self._unseed(where.channel, message.message, rest.reactions)

    async def find(self, where: ThreadRef, key: str) -> str | None:
        """The ts of the message with that key; what was left undone with it is finished."""
        try:
            found = await self._with_key(where, key)
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error
        if found is None:
            return None
        payload = found["metadata"]["event_payload"]
        rest = Rest(**{name: tuple(json.loads(payload.get(name, "[]"))) for name in _REST})
        await self._finish(where, found["ts"], rest, known_new=False)
        return str(found["ts"])

    async def react(self, channel: str, ts: str, name: str) -> None:
        """Put a reaction there; one that is there already is fine."""
        try:
            await self._client.reactions_add(channel=channel, timestamp=ts, name=name)
        except TROUBLE as error:
            if error_code(error) != "already_reacted":
                raise send_failed(error, repeatable=True) from error

    async def _pictures(
        self, shown: Sequence[OutFile], data: Mapping[str, bytes]
    ) -> tuple[list[Picture], list[OutFile]]:
        """Those that can be shown in the message, and those that come after it."""
        pictures: list[Picture] = []
        late: list[OutFile] = []
        for file in shown:
            uploaded = await self._files.picture(file, data[file.digest])
            if uploaded is None:
                late.append(file)
            else:
                pictures.append(Picture(uploaded, file.title or file.name))
        return pictures, late

    async def _uploaded(
        self, out: Outgoing, files: Sequence[OutFile], data: Mapping[str, bytes]
    ) -> tuple[Rest, Outgoing]:
        """What is to be shared later; a file that Slack refuses for good is named instead."""
        ids: list[str] = []
        titles: list[str] = []
        sections = list(out.sections)
        for file in files:
            try:
                ids.append(await self._files.upload(file, data[file.digest]))
            except SendFailed as failed:
                if failed.retry_after_s is not None:
                    raise
                sections.append(
                    Section(
                        text=text(
                            "{file} can't be shown here: {reason}.", file=file.name, reason=failed
                        )
                    )
                )
            else:
                titles.append(file.title or file.name)
        rest = Rest(tuple(ids), tuple(titles), _names(out))
        return rest, out.model_copy(update={"sections": tuple(sections)})

    async def _say(self, where: ThreadRef, body: Body, key: str, rest: Rest) -> str:
        payload = {"key": key} | {name: json.dumps(getattr(rest, name)) for name in _REST}
        posted = await self._client.chat_postMessage(
            channel=where.channel,
            thread_ts=where.thread or None,
            text=body.text,
            blocks=body.blocks or None,
            metadata={"event_type": EVENT_TYPE, "event_payload": payload},
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(posted["ts"])

    async def _follow(self, where: ThreadRef, body: Body, key: str) -> None:
        """Post a continuation; three tries, none of them doubled."""
        for _ in range(3):
            try:
                await self._say(where, body, key, Rest())
            except TROUBLE as error:
                _log.warning("slack continuation failed", error=error_code(error))
                try:
                    if await self._with_key(where, key):
                        return
                except TROUBLE:
                    return  # better a part missing than a part twice
            else:
                return

    async def _finish(self, where: ThreadRef, ts: str, rest: Rest, *, known_new: bool) -> None:
        """Reactions and files; the message stands, so that trouble here is only logged."""
        for name in rest.reactions:
            try:
                await self.react(where.channel, ts, name)
            except SendFailed as failed:
                _log.warning("slack reaction failed", name=name, reason=str(failed))
            else:
                self._seeded.put((where.channel, ts, name), item=True)
        for file, title in zip(rest.files, rest.titles, strict=True):
            for attempt in range(3):
                try:
                    if (known_new and attempt == 0) or not await self._files.shared(file):
                        await self._files.share([file], [title], where)
                    break
                except TROUBLE as error:
                    _log.warning("slack file not shared", file=file, error=error_code(error))

    async def _unseed(self, channel: str, ts: str, kept: Sequence[str]) -> None:
        """Take back what no longer means anything there, as far as is remembered."""
        for there, message, name in self._seeded.known():
            if (there, message) != (channel, ts) or name in kept:
                continue
            self._seeded.drop((there, message, name))
            try:
                await self._client.reactions_remove(channel=channel, timestamp=ts, name=name)
            except TROUBLE as error:
                _log.warning("slack reaction left", name=name, error=error_code(error))

    async def _with_key(self, where: ThreadRef, key: str) -> dict[str, Any] | None:
        cursor: str | None = None
        for _ in range(_PAGES):
            reply = await self._page(where, cursor)
            for message in reply["messages"]:
                if _key_of(message) == key:
                    return dict(message)
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None
        return None

    async def _page(self, where: ThreadRef, cursor: str | None) -> AsyncSlackResponse:
        """Some messages of the thread, or of the channel."""
        if where.thread:
            return await self._client.conversations_replies(
                channel=where.channel,
                ts=where.thread,
                include_all_metadata=True,
                limit=200,
                cursor=cursor,
            )
        return await self._client.conversations_history(
            channel=where.channel, include_all_metadata=True, limit=200, cursor=cursor
        )


_REST: Final = ("files", "titles", "reactions")


def _key_of(message: Mapping[str, Any]) -> str | None:
    """The key that a message of ours was sent with."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key: str | None = (metadata.get("event_payload") or {}).get("key")
    return key


def _sorted(files: Sequence[OutFile]) -> tuple[list[OutFile], list[OutFile]]:
    shown = [file for file in files if file.media_type in SHOWN]
    return shown, [file for file in files if file.media_type not in SHOWN]


def _names(out: Outgoing) -> tuple[str, ...]:
    return tuple(name for emoji in out.seeds if (name := shortcode(emoji)))


def _plainer(out: Outgoing, shown: Sequence[OutFile]) -> Outgoing | None:
    """The same in blocks that Slack has always had, or else without pictures; None if it is that."""
    if any(section.part != "text" or section.grid is not None for section in out.sections):
        plain = {"part": "text", "grid": None}
        sections = tuple(section.model_copy(update=plain) for section in out.sections)
        return out.model_copy(update={"sections": sections})
    if shown:
        return out.model_copy(update={"files": _as_downloads(out, shown)})
    return None


def _as_downloads(out: Outgoing, shown: Sequence[OutFile]) -> tuple[OutFile, ...]:
    """The same files, the pictures as files to offer."""
    return tuple(
        file.model_copy(update={"media_type": "application/octet-stream"})
        if file in shown
        else file
        for file in out.files
    )


def _shortened(out: Outgoing, data: Mapping[str, bytes]) -> tuple[Outgoing, Mapping[str, bytes]]:
    """A message that would take too many keeps its beginning and carries all of it as a file."""
    if len(bodies(out)) <= limits.MESSAGES:
        return out, data
    body = out.text.encode()
    whole = OutFile(
        name="message.md",
        digest=sha256(body),
        media_type="text/markdown",
        title=text("The whole text"),
    )
    room, kept = limits.MESSAGE_CHARS // 2, []
    for section in out.sections:
        cut = section.text[:room]
        room -= len(cut)
        kept.append(section.model_copy(update={"text": cut + "…" if cut != section.text else cut}))
        if room <= 0:
            kept += [rest.model_copy(update={"text": ""}) for rest in out.sections[len(kept) :]]
            break
    short = out.model_copy(update={"sections": tuple(kept), "files": (*out.files, whole)})
    return short, {**data, whole.digest: body}
