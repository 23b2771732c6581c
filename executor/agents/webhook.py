"""A service behind a URL as an agent: one signed POST of JSON, whose reply is the result.

The reply is `{"text": …}` or `{"json": …}`, with `{"error": …}` where the service could not do it.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import JsonValue, SecretStr

from executor.completions.prompt import CONTEXT, prompt
from executor.data import arguments
from executor.egress.credentials import credentials
from executor.egress.masking import masked
from executor.policy import spending
from executor.port import Call, Reply
from memory.model.agents.external import Hook
from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass
from memory.model.errors import (
    AgentBusy,
    AgentMisbehaved,
    AgentRejected,
    AgentUnavailable,
    OrchestraError,
)
from memory.model.limits import OUTPUT_BYTES
from memory.model.work.run import Usage
from memory.model.work.value import Json, Label, Text

if TYPE_CHECKING:
    import httpx2

LONGEST_WAIT_S = 3600.0
REASON_CHARS = 300
LATE = frozenset({408, 409, 423, 425})


class WebhookAgent:
    """Asks once. Sends the effect key, so that the service can recognise a repeated call."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self.spec = AgentSpec(
            name=hook.name,
            kind=AgentKind.WEBHOOK,
            title=hook.title,
            description=hook.description or f"The service {hook.title}.",
            task_types=hook.task_types,
            parameters=(CONTEXT,),
            output=hook.output,
            effect=hook.effect,
            target="" if hook.effect is EffectClass.READ else urlsplit(hook.url).hostname or "",
            idempotent=True,  # it gets the key; using it is its own affair
            price_model="local" if hook.free else "",
            task_micro_usd=hook.task_micro_usd,
            aliases=hook.aliases,
            limits=hook.limits,
            recovery=hook.recovery,
            local=False,
        )

    async def run(self, call: Call) -> Reply:
        """The service's answer. See the port for what it raises."""
        import httpx2  # noqa: PLC0415 - 0.2 s that only webhooks should pay

        from executor.egress.services import service_client  # noqa: PLC0415 - see above

        title = self._hook.title
        body = await asyncio.to_thread(_body, call)
        headers = self._hook.headers | await credentials(self._hook.given, call.fill)
        timeout_s = min(call.timeout_s, self._hook.timeout_s)
        try:
            async with (
                asyncio.timeout(timeout_s),
                service_client(headers={}, timeout_s=timeout_s, limit=2 * OUTPUT_BYTES) as client,
            ):
                reply = await client.post(
                    self._hook.url, content=body, headers=self._headers(headers, call, body)
                )
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise AgentUnavailable(
                "{title} didn't answer within {timeout_s:,.0f} s.", title=title, timeout_s=timeout_s
            ) from error
        except httpx2.ReadError as error:
            if "bytes" in str(error):
                raise AgentMisbehaved("{title} returned more than 2 MB.", title=title) from error
            raise AgentUnavailable(
                "{title} stopped in the middle of its reply.", title=title
            ) from error
        except httpx2.TransportError as error:
            raise AgentUnavailable(
                "{title} can't be reached. Check its url and that it's running.",
                detail=repr(error),
                title=title,
            ) from error
        if not 200 <= reply.status_code < 300:
            raise self._refusal(reply)
        usage = spending.told(Usage(requests=1, cost_micro_usd=None), self.spec)
        return Reply(value=self._value(reply, tuple(headers.values())), usage=usage)

    def _headers(
        self, secret_ones: Mapping[str, SecretStr], call: Call, body: bytes
    ) -> dict[str, str]:
        headers = self._hook.given | {
            name: value.get_secret_value() for name, value in secret_ones.items()
        }
        headers |= {"Content-Type": "application/json", "Idempotency-Key": call.effect_key}
        secret = self._hook.secret.get_secret_value()
        if secret:
            signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Orchestra-Signature"] = f"sha256={signed}"
        return headers

    def _value(self, reply: "httpx2.Response", sent: Sequence[SecretStr]) -> Text | Json:
        title = self._hook.title
        try:
            answer: JsonValue = json.loads(masked(reply.text, (self._hook.secret, *sent)))
        except (ValueError, RecursionError) as error:
            raise AgentMisbehaved("{title} sent a reply that isn't JSON.", title=title) from error
        fields = answer if isinstance(answer, dict) else {}
        if fields.get("error"):
            reason = " ".join(str(fields["error"]).split())[:REASON_CHARS].rstrip(".")
            raise AgentRejected("{title} failed: {reason}.", title=title, reason=reason)
        if self._hook.output == "json":
            return Json(value=fields.get("json", answer), label=Label.UNTRUSTED)
        text = fields.get("text")
        if not isinstance(text, str):
            raise AgentMisbehaved("{title} sent a reply without a text.", title=title)
        return Text(text=text, label=Label.UNTRUSTED)

    def _refusal(self, reply: "httpx2.Response") -> OrchestraError:
        title, status = self._hook.title, reply.status_code
        wait = reply.headers.get("retry-after", "")
        after = min(float(wait), LONGEST_WAIT_S) if wait.isdigit() else None
        facts = {"title": title, "status": str(status)}
        if status == 429:
            return AgentBusy(
                "{title} is getting too many requests right now.", retry_after_s=after, **facts
            )
        if status in LATE or status >= 500:
            return AgentUnavailable(
                "{title} is having trouble right now ({status}).", retry_after_s=after, **facts
            )
        if status in {401, 403}:
            return AgentRejected(
                "{title} refused our credentials ({status}). Check its secret.", **facts
            )
        return AgentRejected("{title} didn't accept the request ({status}).", **facts)


def _body(call: Call) -> bytes:
    """The task, what it is about as labelled data, and who asks. Raises BadInput."""
    question = prompt(call)
    context = [arguments.as_text(given, call) for given in arguments.many(call, "context")]
    return json.dumps(
        {
            "version": 1,
            "key": call.effect_key,
            "project": call.project,
            "task": {
                "title": call.task.title,
                "type": call.task.type,
                "instruction": call.task.instruction or call.task.title,
            },
            "context": [{"label": "untrusted", "text": text} for text in context],
            "prompt": f"{question.system}\n\n{question.user}",
        },
        ensure_ascii=False,
    ).encode()
