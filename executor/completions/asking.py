"""Asking an endpoint in the manner it takes, learnt from what it refuses."""

from typing import TYPE_CHECKING, Any

from executor.completions.metering import Tally, Till
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.wires.bodies import body_of
from memory.model.wires.manner import Manner, Refusal, Wire, after, first_manner
from memory.model.wires.turns import Question

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI


class Asker:
    """Puts questions to one endpoint and remembers while it lives how it wants to be asked."""

    def __init__(self, endpoint: ModelEndpoint) -> None:
        self._model = endpoint.model
        self._manner = first_manner(endpoint)

    @property
    def wire(self) -> Wire:
        """The wire of the last answer."""
        return self._manner.wire

    async def put(
        self,
        client: "AsyncOpenAI",
        question: Question,
        till: Till,
        tally: Tally,
        *,
        stream: bool = False,
    ) -> Any:
        """The SDK's reply or stream, no longer than the till has money for.

        Raises the SDK's errors for what is no question of manner, and OutOfMoney.
        """
        import openai  # noqa: PLC0415 - 0.9 s that only model tasks should pay

        while True:
            manner = self._manner
            most = await till.most_tokens(question, tally, bounded=manner.limits_answers)
            limited = question.model_copy(update={"most_tokens": most})
            try:
                return await _sent(client, manner, body_of(limited, manner, self._model), stream)
            except openai.APIStatusError as error:
                then = after(manner, _refusal(error), tools=bool(question.tools))
                if then is None:
                    raise
                self._manner = then


async def _sent(client: "AsyncOpenAI", manner: Manner, body: dict[str, Any], stream: bool) -> Any:  # noqa: FBT001 - as the SDK has it
    if stream:
        body["stream"] = True
    if manner.wire is Wire.RESPONSES:
        return await client.responses.create(**body)
    if stream and "stream_options" not in manner.without:
        body["stream_options"] = {"include_usage": True}
    return await client.chat.completions.create(**body)


def _refusal(error: "APIStatusError") -> Refusal:
    param = error.body.get("param") if isinstance(error.body, dict) else None
    return Refusal(status=error.status_code, message=str(error.message), param=str(param or ""))
