"""The Web API: each method takes the arguments and gives the answer, as Slack documents them."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.fakes.slack import limits
from tests.fakes.slack.state import Channel, File, Json, Message, State, View


class Refused(Exception):
    """An answer with ok=false."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.body = {"ok": False, "error": error} | more


class WebApi:
    """The methods; `call` finds the one of that name."""

    def __init__(self, state: State, bot: str) -> None:
        self._state = state
        self._bot = bot
        self.base = ""
        self.looks_until_ready = 1
        self.methods: dict[str, Callable[[Json], Json]] = {
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._info,
            "conversations.open": self._open_direct,
            "reactions.add": self._react,
            "reactions.remove": self._unreact,
            "reactions.get": self._reactions,
            "users.info": self._user,
            "usergroups.users.list": self._user_group,
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._set_prompts,
            "pins.add": self._pin,
            "views.open": self._open_view,
            "views.publish": self._publish_view,
            "views.update": self._update_view,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete,
            "files.info": self._file_info,
        }

    def message_json(self, message: Message, *, metadata: bool = False) -> Json:
        replies = [one for one in self._state.thread(message.channel, message.ts) if one != message]
        user = self._state.users[message.user]
        body: Json = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "reactions": [
                {"name": name, "users": users, "count": len(users)}
                for name, users in message.reactions.items()
                if users
            ],
        }
        body |= {"bot_id": user.bot_id} if user.bot_id else {}
        body |= {"blocks": message.blocks} if message.blocks else {}
        body |= {"files": [self.file_json(file) for file in message.files]} if message.files else {}
        body |= {"metadata": message.metadata} if metadata and message.metadata else {}
        if message.thread_ts or replies:
            body["thread_ts"] = message.thread_ts or message.ts
        if replies:
            body |= {
                "reply_count": len(replies),
                "reply_users": [reply.user for reply in replies][:5],
            }
        return body

    def file_json(self, file: File) -> Json:
        channels = sorted({channel for channel, _ in file.shared_in})
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": file.mimetype if file.looks >= self.looks_until_ready else "",
            "size": len(file.data),
            "user": file.owner,
            "channels": [channel for channel in channels if channel.startswith("C")],
            "groups": [channel for channel in channels if channel.startswith("G")],
            "ims": [channel for channel in channels if channel.startswith("D")],
            "url_private": f"{self.base}/files/{file.id}/{file.name}",
            "url_private_download": f"{self.base}/files/{file.id}/download/{file.name}",
        }

    def _message(self, args: Json, *, ts: str = "ts") -> Message:
        self._channel(args)
        found = self._state.messages.get((args["channel"], str(args.get(ts))))
        if found is None:
            raise Refused("message_not_found")
        return found

    def _open_direct(self, args: Json) -> Json:
        """The direct messages with this person, made at the first call."""
        user = str(args.get("users"))
        if user not in self._state.users:
            raise Refused("user_not_found")
        for channel in self._state.channels.values():
            if channel.kind == "im" and channel.name == user:
                return {"channel": {"id": channel.id}}
        made = Channel(self._state.id("D"), user, "im", members={self._bot})
        self._state.channels[made.id] = made
        return {"channel": {"id": made.id}}

    def _channel(self, args: Json, name: str = "channel") -> str:
        channel = self._state.channels.get(str(args.get(name)))
        if channel is None:
            raise Refused("channel_not_found")
        if channel.archived:
            raise Refused("is_archived")
        if self._bot not in channel.members:
            raise Refused("not_in_channel")
        return channel.id

    def _blocks(self, args: Json) -> list[Json]:
        blocks: list[Json] = args.get("blocks") or []
        faults = limits.faults_in(blocks, self._state)
        if faults:
            raise Refused("invalid_blocks", errors=faults)
        if limits.too_long(blocks):
            raise Refused("msg_blocks_too_long")
        return blocks

    def _post(self, args: Json) -> Json:
        channel, blocks = self._channel(args), self._blocks(args)
        if not args.get("text") and not blocks:
            raise Refused("no_text")
        thread = str(args.get("thread_ts") or "")
        if thread and (channel, thread) not in self._state.messages:
            raise Refused("thread_not_found")
        message = Message(
            ts=self._state.ts(),
            channel=channel,
            user=self._bot,
            text=str(args.get("text") or "")[:40_000],
            thread_ts=thread,
            blocks=blocks,
            metadata=args.get("metadata"),
        )
        self._state.messages[(channel, message.ts)] = message
        self._state.touched(message)
        return {"channel": channel, "ts": message.ts, "message": self.message_json(message)}

    def _whisper(self, args: Json) -> Json:
        channel, blocks = self._channel(args), self._blocks(args)
        self._state.whispers.append((str(args["user"]), str(args.get("text") or ""), blocks))
        return {"channel": channel, "message_ts": self._state.ts()}

    def _update(self, args: Json) -> Json:
        message, blocks = self._message(args), self._blocks(args)
        if message.user != self._bot:
            raise Refused("cant_update_message")
        message.text, message.blocks = str(args.get("text") or ""), blocks
        message.metadata = args.get("metadata") or message.metadata
        message.edits += 1
        self._state.touched(message)
        return {"channel": message.channel, "ts": message.ts, "text": message.text}

    def _delete(self, args: Json) -> Json:
        message = self._message(args)
        del self._state.messages[(message.channel, message.ts)]
        return {"channel": message.channel, "ts": message.ts}

    def _permalink(self, args: Json) -> Json:
        message = self._message(args, ts="message_ts")
        link = f"{self.base}/archives/{message.channel}/p{message.ts.replace('.', '')}"
        thread = f"?thread_ts={message.thread_ts}" if message.thread_ts else ""
        return {"channel": message.channel, "permalink": link + thread}

    def _history(self, args: Json) -> Json:
        channel = self._channel(args)
        roots = [
            message
            for (where, _), message in sorted(self._state.messages.items(), reverse=True)
            if where == channel and not message.thread_ts
        ]
        return self._page(roots, args)

    def _replies(self, args: Json) -> Json:
        channel = self._channel(args)
        asked = self._state.messages.get((channel, str(args.get("ts"))))
        if asked is None:
            raise Refused("thread_not_found")
        whole = [asked] if asked.thread_ts else self._state.thread(channel, asked.ts)
        oldest = str(args.get("oldest") or "")
        return self._page([one for one in whole if one is asked or one.ts > oldest], args)

    def _page(self, messages: list[Message], args: Json) -> Json:
        start, limit = int(args.get("cursor") or 0), int(args.get("limit") or 100)
        metadata = str(args.get("include_all_metadata", "")).lower() in ("1", "true")
        more = start + limit < len(messages)
        return {
            "messages": [
                self.message_json(message, metadata=metadata)
                for message in messages[start : start + limit]
            ],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }

    def _info(self, args: Json) -> Json:
        channel = self._state.channels[self._channel(args)]
        return {"channel": {"id": channel.id, "name": channel.name, "is_im": channel.kind == "im"}}

    def _react(self, args: Json) -> Json:
        message = self._message(args, ts="timestamp")
        users = message.reactions.setdefault(args["name"], [])
        if self._bot in users:
            raise Refused("already_reacted")
        users.append(self._bot)
        return {}

    def _unreact(self, args: Json) -> Json:
        users = self._message(args, ts="timestamp").reactions.get(args["name"], [])
        if self._bot not in users:
            raise Refused("no_reaction")
        users.remove(self._bot)
        return {}

    def _reactions(self, args: Json) -> Json:
        message = self._message(args, ts="timestamp")
        return {"type": "message", "message": self.message_json(message)}

    def _user(self, args: Json) -> Json:
        user = self._state.users.get(str(args.get("user")))
        if user is None:
            raise Refused("user_not_found")
        profile = {"display_name": user.name, "real_name": user.name.title()}
        return {"user": {"id": user.id, "name": user.name, "profile": profile, **user.marks}}

    def _user_group(self, args: Json) -> Json:
        users = self._state.user_groups.get(str(args.get("usergroup")))
        if users is None:
            raise Refused("no_such_subteam")
        return {"users": sorted(users)}

    def _open_view(self, args: Json) -> Json:
        user = self._state.triggers.pop(str(args.get("trigger_id")), None)
        if user is None:
            raise Refused("expired_trigger_id")
        return self._show(View(self._state.id("V"), user, self._view(args)))

    def _set_status(self, args: Json) -> Json:
        channel = self._channel(args, "channel_id")
        if (channel, str(args.get("thread_ts"))) not in self._state.messages:
            raise Refused("invalid_thread_ts")
        self._state.statuses.append((str(args["thread_ts"]), str(args["status"])))
        return {}

    def _set_prompts(self, args: Json) -> Json:
        channel, prompts = self._channel(args, "channel_id"), args.get("prompts") or []
        good = all(one.get("title") and one.get("message") for one in prompts)
        if not good or not 1 <= len(prompts) <= 4:
            raise Refused("invalid_arguments")
        self._state.prompts[channel] = prompts
        return {}

    def _pin(self, args: Json) -> Json:
        message = self._message(args, ts="timestamp")
        if (message.channel, message.ts) in self._state.pins:
            raise Refused("already_pinned")
        self._state.pins.append((message.channel, message.ts))
        return {}

    def _publish_view(self, args: Json) -> Json:
        content, user = args["view"], str(args.get("user_id"))
        if user not in self._state.users:
            raise Refused("user_not_found")
        faults = limits.faults_in(content.get("blocks"), self._state, most=100)
        if faults or content.get("type") != "home":
            raise Refused("invalid_arguments", response_metadata={"messages": faults})
        self._state.homes[user] = content["blocks"]
        return {"view": content}

    def _update_view(self, args: Json) -> Json:
        view = self._state.views.get(str(args.get("view_id")))
        if view is None:
            raise Refused("not_found")
        view.content = self._view(args)
        return self._show(view)

    def _view(self, args: Json) -> Json:
        content: Json = args["view"]
        faults = limits.faults_in(content.get("blocks"), self._state, most=100)
        faults += ["title too long"] * (len(content["title"]["text"]) > 24)
        faults += ["metadata too long"] * (len(content.get("private_metadata", "")) > 3000)
        if faults:
            raise Refused("invalid_arguments", response_metadata={"messages": faults})
        return content

    def _show(self, view: View) -> Json:
        self._state.views[view.id] = view
        return {"view": {"id": view.id} | view.content}

    def _upload_url(self, args: Json) -> Json:
        if not int(args.get("length") or 0):
            raise Refused("invalid_arguments")
        file = File(self._state.id("F"), str(args["filename"]), self._bot)
        self._state.files[file.id] = file
        return {"upload_url": f"{self.base}/upload/{file.id}", "file_id": file.id}

    def _complete(self, args: Json) -> Json:
        files = [self._state.files.get(one["id"]) for one in args["files"]]
        if any(file is None or not file.data for file in files):
            raise Refused("file_not_found")
        good = [file for file in files if file is not None]
        for file, told in zip(good, args["files"], strict=True):
            file.complete, file.title = True, told.get("title", file.name)
        if args.get("channel_id"):
            channel, thread = self._channel(args, "channel_id"), str(args.get("thread_ts") or "")
            message = Message(self._state.ts(), channel, self._bot, "", thread, files=good)
            self._state.messages[(channel, message.ts)] = message
            for file in good:
                file.shared_in.append((channel, thread))
        return {"files": [{"id": file.id, "title": file.title} for file in good]}

    def _file_info(self, args: Json) -> Json:
        file = self._state.files.get(str(args.get("file")))
        if file is None or not file.complete:
            raise Refused("file_not_found")
        file.looks += 1
        return {"file": self.file_json(file)}


async def arguments(request: web.Request) -> Json:
    """The arguments, however they were sent; JSON in form fields is read."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    else:
        args |= {name: str(value) for name, value in (await request.post()).items()}
    for name in ("blocks", "metadata", "view", "files", "prompts"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args
