"""Files up to Slack and down from it."""

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Attachment, OutFile, SendFailed
from bot.platforms.failures import too_large
from bot.platforms.recent import Recent
from bot.platforms.slack.trouble import TROUBLE, error_code, send_failed
from memory.model.identity import ThreadRef
from memory.model.limits import FILE_READ_BYTES

SHOWN: Final = ("image/png", "image/jpeg", "image/gif")
"""The pictures Block Kit can show."""

_READY_S: Final = 8.0  # Slack works on an upload for a second or two before blocks may show it
_log = structlog.get_logger()


class Files:
    """Uploads are private to the bot until they are shown in a message or shared."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._uploaded: Recent[str, str] = Recent(500)

    async def upload(self, file: OutFile, data: bytes) -> str:
        """Bring the bytes to Slack, unseen as yet; the file's id. Raises SendFailed."""
        return await self._upload(file.name, data)

    async def picture(self, file: OutFile, data: bytes) -> str | None:
        """Bring a picture there, ready to be shown in a block; None if Slack takes too long."""
        known = self._uploaded.get(file.digest)
        if known is not None:
            return known
        uploaded = await self._upload(file.name, data)
        try:
            await self._complete([(uploaded, file.title or file.name)])
            async with asyncio.timeout(_READY_S):
                await self._ready(uploaded)
        except TROUBLE as error:
            _log.warning("slack picture not ready", file=uploaded, error=type(error).__name__)
            return None
        self._uploaded.put(file.digest, uploaded)
        return uploaded

    async def share(self, files: Sequence[str], titles: Sequence[str], where: ThreadRef) -> None:
        """Show uploaded files in a thread. Raises what a call to Slack raises."""
        await self._complete(list(zip(files, titles, strict=True)), where)

    async def shared(self, file: str) -> bool:
        """Whether the file can be seen by anyone but us."""
        try:
            info = (await self._client.files_info(file=file))["file"]
        except SlackApiError as error:
            if error_code(error) in ("file_not_found", "file_deleted"):
                return False
            raise
        return bool(info.get("channels") or info.get("groups") or info.get("ims"))

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a posted file. Raises SendFailed with the reason."""
        if attachment.size > FILE_READ_BYTES:
            raise too_large()
        try:
            info = (await self._client.files_info(file=attachment.handle))["file"]
            url = str(info.get("url_private_download") or info.get("url_private") or "")
            return await self._download(url, attachment)
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error

    async def _download(self, url: str, attachment: Attachment) -> bytes:
        if not self._trusted(url):
            raise SendFailed(
                "{name} is kept outside Slack; post the file itself", name=attachment.name
            )
        headers = {"Authorization": f"Bearer {self._client.token}"}
        async with self._session.get(
            url, headers=headers, allow_redirects=False, proxy=self._client.proxy
        ) as reply:
            _check(reply, attachment)
            data = b""
            while not reply.content.at_eof() and len(data) <= FILE_READ_BYTES:
                data += await reply.content.read(FILE_READ_BYTES + 1 - len(data))
        if len(data) > FILE_READ_BYTES:
            raise too_large()
        return data

    @property
    def _session(self) -> aiohttp.ClientSession:
        session = self._client.session
        assert isinstance(session, aiohttp.ClientSession)
        return session

    def _trusted(self, url: str) -> bool:
        """Whether the token may be shown there: Slack over TLS, or the API's own host."""
        parts, api = urlsplit(url), urlsplit(self._client.base_url)
        host = parts.hostname or ""
        if parts.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com")):
            return True
        return (parts.scheme, parts.netloc) == (api.scheme, api.netloc)

    async def _upload(self, name: str, data: bytes) -> str:
        try:
            data = data or b"\n"  # Slack takes no empty file
            place = await self._client.files_getUploadURLExternal(filename=name, length=len(data))
            url = place["upload_url"]
            async with self._session.post(url, data=data, proxy=self._client.proxy) as reply:
                if reply.status != 200:
                    raise SendFailed("Slack didn't take {name}", retry_after_s=2.0, name=name)
            return str(place["file_id"])
        except TROUBLE as error:
            raise send_failed(error, repeatable=True) from error

    async def _complete(
        self, files: Sequence[tuple[str, str]], where: ThreadRef | None = None
    ) -> None:
        await self._client.files_completeUploadExternal(
            files=[{"id": file, "title": title} for file, title in files],
            channel_id=where.channel if where else None,
            thread_ts=(where.thread or None) if where else None,
        )

    async def _ready(self, file: str) -> None:
        pause = 0.1
        while not (await self._client.files_info(file=file))["file"].get("mimetype"):
            await asyncio.sleep(pause)
            pause *= 1.5


def _check(reply: aiohttp.ClientResponse, attachment: Attachment) -> None:
    """Raises SendFailed for an answer that is not the file."""
    login = reply.content_type == "text/html" and attachment.media_type != "text/html"
    if reply.status in (301, 302, 401, 403) or (reply.status == 200 and login):
        raise SendFailed("the Slack app isn't allowed to read files; add the scope files:read")
    if reply.status != 200:
        raise SendFailed(
            "Slack didn't hand over {name}",
            retry_after_s=1.0 if reply.status >= 500 else None,
            name=attachment.name,
        )
