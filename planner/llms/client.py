"""One question to one model: the SDK goes in, a typed ending comes out."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2  # comes with openai
import openai

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import canonical_json
from memory.model.text import text
from memory.model.wires.bodies import body_of
from memory.model.wires.hearing import turn_of
from memory.model.wires.manner import Manner, Refusal, Wire, after, first_manner
from memory.model.wires.turns import Question, Turn
from memory.store.money.verdicts import Short
from planner.llms.purse import Purse

FILTERED = frozenset({"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"})


@dataclass(frozen=True)
class FormRefused:
    """The endpoint doesn't take this form of question; ask in another."""

    reason: str


@dataclass(frozen=True)
class Down:
    """No answer. `reason` says why in a few words, for people."""

    reason: str


Ending = Turn | FormRefused | Down


class Client:
    """Asks models, without retries. Remembers while it lives how each wants to be asked."""

    def __init__(self) -> None:
        self._manners: dict[tuple[str, str], Manner] = {}

    def takes_tools(self, endpoint: ModelEndpoint) -> bool:
        """Whether it may take tools, as far as is known."""
        return self._manner(endpoint).wire is not Wire.BARE

    async def put(
        self, endpoint: ModelEndpoint, question: Question, purse: Purse | None = None
    ) -> Ending:
        """Ask once. Every ending is a value; raised are cancellation and StorageTrouble."""
        async with openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key.get_secret_value() or "none",
            max_retries=0,
            timeout=endpoint.timeout_s,
        ) as client:
            try:
                async with asyncio.timeout(endpoint.timeout_s):
                    return await self._asked(client, endpoint, question, purse)
            except (openai.OpenAIError, TimeoutError, ValueError, RecursionError) as error:
                return _failed(error, endpoint)

    async def _asked(
        self,
        client: openai.AsyncOpenAI,
        endpoint: ModelEndpoint,
        question: Question,
        purse: Purse | None,
    ) -> Ending:
        """Ask in the manner known so far, then as each refusal teaches. Each is one of a few."""
        while True:
            manner = self._manner(endpoint)
            try:
                return await _paid(client, endpoint, manner, question, purse)
            except openai.APIStatusError as error:
                then = after(manner, _refusal(error), tools=bool(question.tools))
                if then is None:
                    raise
                self._manners[endpoint.base_url, endpoint.model] = then
                if then.wire is Wire.BARE and question.tools:
                    return FormRefused(_words(error))

    def _manner(self, endpoint: ModelEndpoint) -> Manner:
        known = self._manners.get((endpoint.base_url, endpoint.model))
        return known or first_manner(endpoint)


async def _paid(
    client: openai.AsyncOpenAI,
    endpoint: ModelEndpoint,
    manner: Manner,
    question: Question,
    purse: Purse | None,
) -> Turn | Down:
    """Ask with money that was set aside, and settle it however the question ends."""
    wire, body = manner.wire, body_of(question, manner, endpoint.model)
    if purse is None:
        return turn_of(await _sent(client, wire, body), wire) or Down(_unreadable("no choices"))
    held = await purse.hold(endpoint, body, question.most_tokens)
    if isinstance(held, Short):
        return Down(held.text)
    if held.most_tokens != question.most_tokens:
        limited = question.model_copy(update={"most_tokens": held.most_tokens})
        body = body_of(limited, manner, endpoint.model)
    turn, refused = None, False
    try:
        turn = turn_of(await _sent(client, wire, body), wire)
    except openai.APIStatusError:
        refused = True
        raise
    except openai.APIConnectionError as error:
        refused = isinstance(error.__cause__, httpx2.ConnectError)  # it never got there
        raise
    finally:
        size = len(canonical_json(body))
        await asyncio.shield(purse.pay(endpoint, held, turn, refused=refused, size=size))
    return turn or Down(_unreadable("no choices"))


async def _sent(client: openai.AsyncOpenAI, wire: Wire, body: dict[str, Any]) -> object:
    # Typed by what the SDK thinks a reply is; what came is only known to be JSON, or a page.
    create: Any = (
        client.responses.create if wire is Wire.RESPONSES else client.chat.completions.create
    )
    reply: object = await create(**body)
    return reply.to_dict(warnings=False) if isinstance(reply, openai.BaseModel) else reply


def _refusal(error: openai.APIStatusError) -> Refusal:
    param = error.body.get("param") if isinstance(error.body, dict) else None
    return Refusal(status=error.status_code, message=str(error.message), param=str(param or ""))


def _failed(error: Exception, endpoint: ModelEndpoint) -> Ending:
    match error:
        case openai.BadRequestError(code=code) if code in FILTERED:
            return Turn(finish="filter")
        case openai.BadRequestError() | openai.UnprocessableEntityError():
            return FormRefused(_words(error))
        case openai.APIStatusError():
            return Down(_status(error))
        case TimeoutError() | openai.APITimeoutError():
            return Down(text("no answer within {seconds:.0f} s", seconds=endpoint.timeout_s))
        case openai.APIConnectionError():
            return Down(text("it can't be reached"))
        case _:
            return Down(_unreadable(type(error).__name__))


def _words(error: openai.APIStatusError) -> str:
    return " ".join(str(error.message).split())[:200]


def _unreadable(what: str) -> str:
    return text("I can't read its answer ({what})", what=what)


def _status(error: openai.APIStatusError) -> str:
    match error.status_code:
        case 401:
            return text("its key isn't accepted")
        case 403:
            return text("its key may not use this model")
        case 404:
            return text("it doesn't know the model")
        case 429:
            return text("it's over its rate limit")
        case code:
            return text("it answers with an error ({code})", code=code)
