"""Slack's events as Incoming. An event that is not for us gives None."""

import json
import re
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import DETAILS, Attachment, Button, Details, Incoming, deletion_id, edit_id
from bot.language.emoji import canonical
from bot.platforms.reactions import Press, Reaction, ReactionLog
from bot.platforms.slack import mrkdwn
from bot.platforms.slack.blocks import Typed, button_of, modal
from bot.platforms.slack.explaining import explain
from bot.platforms.slack.known import Known
from bot.platforms.slack.people import People
from bot.platforms.slack.session import Bot
from bot.platforms.slack.trouble import error_code
from memory.model.identity import MessageRef, ThreadRef
from memory.model.timing.clock import Clock

Payload = dict[str, Any]

_SUBTYPES: Final = (None, "file_share", "thread_broadcast", "me_message")
_PRESSED: Final = ("button", "feedback_buttons")
_log = structlog.get_logger()


class Inbound:
    """Turns the payloads of one workspace into Incoming."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        bot: Bot,
        people: People,
        known: Known,
        reactions: ReactionLog,
        clock: Clock,
        details: Details,
    ) -> None:
        self._client = client
        self._bot = bot
        self._people = people
        self._known = known
        self._reactions = reactions
        self._clock = clock
        self._details = details

    async def message(self, event: Payload, *, heard: bool = False) -> Incoming | None:
        """A post. Heard: mentions, direct messages, and replies in threads the bot is in; with
        `heard`, any.

        app_mention and message tell of one post with one event id and equal contents.
        """
        if not self._from_person(event):
            return None
        words, channel = str(event.get("text") or ""), str(event["channel"])
        direct = _is_direct(event)
        addressed = direct or re.search(rf"<@{self._bot.user}[|>]", words) is not None
        thread = event.get("thread_ts")
        where = self._where(channel, str(thread or ("" if direct else event["ts"])))
        if addressed:
            self._known.ours.put((channel, where.thread), item=True)
        elif not heard and (not thread or not await self._takes_part(where)):
            return None
        return Incoming(
            event_id=f"message:{channel}:{event['ts']}",
            kind="message",
            thread=where,
            message=event["ts"],
            attachments=posted_files(event),
            addressed=addressed,
            at=_moment(event["ts"]),
            **await self.words(event["user"], words),
        )

    async def changed(self, event: Payload) -> Incoming | None:
        """A post whose author changed its words, or one that is gone.

        Slack tells of unfurled links in the same way; those bring no new time of an edit.
        """
        now, before = event.get("message") or {}, event.get("previous_message") or {}
        place = {"channel": event["channel"], "channel_type": event.get("channel_type")}
        if event["subtype"] == "message_deleted" or now.get("subtype") == "tombstone":
            return await self._deleted({**before, **place}, _moment(event["event_ts"]))
        edited = now.get("edited") or {}
        said = await self.message({**now, **place}, heard=True)
        if said is None or edited.get("user") != said.author.user_id:
            return None
        form = {"kind": "edited", "form_of": said.event_id, "at": _moment(edited["ts"])}
        return said.model_copy(update={**form, "event_id": edit_id(said.event_id, edited["ts"])})

    async def _deleted(self, before: Payload, at: datetime) -> Incoming | None:
        """The end of a person's post, or of a message of ours."""
        if not before.get("ts"):
            return None
        said = await self.message(before, heard=True)
        if said is None and before.get("user") != self._bot.user:
            return None
        channel, ts = before["channel"], str(before["ts"])
        form_of = said.event_id if said else f"message:{channel}:{ts}"
        (author,) = await self._people.identities([str(before["user"])])
        return Incoming(
            event_id=deletion_id(form_of),
            kind="deleted",
            thread=said.thread if said else await self._thread_of(channel, ts, before),
            author=author,
            message=ts,
            addressed=said is not None and said.addressed,
            form_of=form_of,
            at=at,
        )

    def gone(self, message: MessageRef) -> Incoming:
        """The end of a message of ours that went unheard."""
        form_of = f"message:{message.where.channel}:{message.message}"
        return Incoming(
            event_id=deletion_id(form_of),
            kind="deleted",
            thread=message.where,
            author=self._people.identity(self._bot.user),
            message=message.message,
            addressed=False,
            form_of=form_of,
            at=self._clock.now(),
        )

    async def words(self, user: str, words: str) -> Payload:
        """Who said it, what, and whom it mentions."""
        users = [other for other in mrkdwn.mentioned(words) if other != self._bot.user]
        author, *people = await self._people.identities([user, *users])
        plain = mrkdwn.plain(
            words, own=self._bot.user, name=lambda other: self._people.identity(other).display
        )
        return {
            "author": author,
            "standing": self._people.standing(user),
            "mentions": tuple(people),
            "text": plain,
        }

    def press(self, event: Payload) -> Reaction | None:
        """A reaction that was added to or taken from a message of ours."""
        item = event.get("item") or {}
        by_us = event.get("user") == self._bot.user
        if item.get("type") != "message" or by_us or event.get("item_user") != self._bot.user:
            return None
        press = Press(
            channel=str(item["channel"]),
            message=str(item["ts"]),
            user=str(event["user"]),
            emoji=canonical(f":{event['reaction']}:"),
        )
        if event["type"] == "reaction_removed":
            return self._reactions.removed(press, event["event_ts"])
        return self._reactions.added(press, event["event_ts"])

    async def reaction(
        self, reaction: Reaction, at: datetime, where: ThreadRef | None = None
    ) -> Incoming:
        """The reaction as Incoming; `where` the message hangs, if the caller knows."""
        press = reaction.press
        (author,) = await self._people.identities([press.user], anew=True)
        return Incoming(
            event_id=reaction.event_id,
            kind="reaction",
            thread=where or await self._thread_of(press.channel, press.message),
            author=author,
            standing=self._people.standing(press.user),
            message=press.message,
            emoji=press.emoji,
            removed=reaction.removed,
            at=at,
        )

    async def click(self, body: Payload) -> Incoming | None:
        """A press of a button; one that asks opens its field instead, and gives None."""
        action, box = body["actions"][0], body.get("container") or {}
        if action.get("type") not in _PRESSED or not str(action.get("action_id")).startswith("do:"):
            return None
        button, user = button_of(action["value"]), str(body["user"]["id"])
        if box.get("type") == "view":
            return await self._at_home(body, button, user)
        channel = str(box.get("channel_id") or body["channel"]["id"])
        message = str(box.get("message_ts") or body["message"]["ts"])
        where = await self._thread_of(channel, message, body.get("message") or box)
        if button.action.startswith(DETAILS):
            shown = MessageRef(where=where, message=message)
            words = await self._details(shown, button.action.removeprefix(DETAILS))
            await explain(self._client, words, str(body["trigger_id"]), where, user)
            return None
        if button.asks:
            typed = Typed(button.action, channel, message, where.thread)
            await self._client.views_open(trigger_id=body["trigger_id"], view=modal(button, typed))
            return None
        (author,) = await self._people.identities([user], anew=True)
        return Incoming(
            event_id=f"button:{channel}:{message}:{user}:{action['action_ts']}",
            kind="button",
            thread=where,
            author=author,
            standing=self._people.standing(user),
            message=message,
            action=button.action,
            at=_moment(action["action_ts"]),
        )

    async def _at_home(self, body: Payload, button: Button, user: str) -> Incoming | None:
        """A press in somebody's home, whose button says which message it stands for."""
        where, trigger = self._where(user, ""), str(body["trigger_id"])
        if button.action.startswith(DETAILS):
            shown = MessageRef(where=where, message="")
            words = await self._details(shown, button.action.removeprefix(DETAILS))
            await explain(self._client, words, trigger, where, user)
            return None
        if button.asks:
            typed = Typed(button.action, user, "", "")
            await self._client.views_open(trigger_id=trigger, view=modal(button, typed))
            return None
        pressed = body["actions"][0]
        (author,) = await self._people.identities([user], anew=True)
        return Incoming(
            event_id=f"button:home:{user}:{pressed['action_ts']}",
            kind="button",
            thread=where,
            author=author,
            standing=self._people.standing(user),
            action=button.action,
            at=_moment(pressed["action_ts"]),
        )

    async def typed(self, body: Payload) -> Incoming:
        """What was typed into the field of a button."""
        view = body["view"]
        typed = Typed(**json.loads(view["private_metadata"]))
        (author,) = await self._people.identities([str(body["user"]["id"])], anew=True)
        return Incoming(
            event_id=f"typed:{view['id']}",
            kind="button",
            thread=self._where(typed.channel, typed.thread),
            author=author,
            standing=self._people.standing(author.user_id),
            message=typed.message,
            action=typed.action,
            text=str(view["state"]["values"]["typed"]["typed"].get("value") or "").strip(),
            at=self._clock.now(),
        )

    async def command(self, body: Payload) -> Incoming:
        """A slash command; Slack allows them in channels only, never in threads."""
        return Incoming(
            event_id=f"command:{body['trigger_id']}",
            kind="command",
            thread=self._where(str(body["channel_id"]), ""),
            at=self._clock.now(),
            **await self.words(str(body["user_id"]), str(body.get("text") or "")),
        )

    def _from_person(self, event: Payload) -> bool:
        return (
            event.get("subtype") in _SUBTYPES
            and not event.get("bot_id")
            and not event.get("hidden")
            and event.get("user") not in (None, self._bot.user, "USLACKBOT")
        )

    def joined(self, channel: str, thread: str) -> ThreadRef:
        """The place, in which the bot takes part from now on."""
        self._known.ours.put((channel, thread), item=True)
        return self._where(channel, thread)

    def _where(self, channel: str, thread: str) -> ThreadRef:
        return ThreadRef(
            platform="slack", workspace=self._bot.workspace, channel=channel, thread=thread
        )

    async def _thread_of(
        self, channel: str, message: str, payload: Payload | None = None
    ) -> ThreadRef:
        """The thread a message of ours was posted to: "" for one that stands in the channel."""
        known = self._known.threads.get((channel, message))
        if known is not None:
            return known
        if payload is None:
            reply = await self._client.conversations_replies(channel=channel, ts=message, limit=1)
            payload = next((post for post in reply["messages"] if post["ts"] == message), {})
        root = str(payload.get("thread_ts") or "")
        where = self._where(channel, "" if root == message else root)
        self._known.threads.put((channel, message), where)
        return where

    async def _takes_part(self, where: ThreadRef) -> bool:
        known = self._known.ours.get((where.channel, where.thread))
        if known is not None:
            return known
        try:
            reply = await self._client.conversations_replies(
                channel=where.channel, ts=where.thread, limit=200
            )
        except SlackApiError as error:
            if int(error.response.status_code) != 200:
                raise
            _log.info("slack thread unreadable", channel=where.channel, error=error_code(error))
            return False
        own = self._bot.user
        ours = any(
            post.get("user") == own or f"<@{own}>" in str(post.get("text"))
            for post in reply["messages"]
        )
        self._known.ours.put((where.channel, where.thread), ours)
        return ours


def _is_direct(event: Payload) -> bool:
    return event.get("channel_type") == "im" or str(event["channel"]).startswith("D")


def posted_files(event: Payload) -> tuple[Attachment, ...]:
    """The files of a post."""
    return tuple(
        Attachment(
            name=str(file.get("name") or file.get("title") or file["id"]),
            media_type=str(file.get("mimetype") or "application/octet-stream"),
            size=int(file.get("size") or 0),
            handle=str(file["id"]),
        )
        for file in event.get("files") or ()
    )


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
