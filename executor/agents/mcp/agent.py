"""A tool of a server as an agent."""

from executor.agents.mcp.session import Session
from executor.agents.mcp.specs import spec_of
from executor.agents.mcp.values import arguments_of, value_of
from executor.egress.masking import masked
from executor.port import Call, Reply
from memory.model.agents.tools import OfferedTool
from memory.model.errors import OrchestraError
from memory.model.work.run import Usage
from memory.model.work.value import Json, Text


class McpTool:
    """Calls one tool through the session its server's tools share."""

    def __init__(self, session: Session, tool: OfferedTool) -> None:
        self._session = session
        self._tool = tool
        self.spec = spec_of(session.server, tool)

    async def run(self, call: Call) -> Reply:
        """What the tool gave back. See the port for what it raises."""
        given = arguments_of(call, self._tool)
        timeout_s = min(call.timeout_s, self._session.server.timeout_s)
        try:
            result = await self._session.call(
                self._tool.name, given, timeout_s=timeout_s, key=call.effect_key
            )
            value = value_of(result, self._tool, self.spec.title)
        except OrchestraError as error:
            error.mask(self._hidden)
            raise
        return Reply(value=self._clean(value), usage=Usage(requests=1))

    async def healthy(self) -> bool:
        """Whether the server lists its tools when asked."""
        try:
            await self._session.offered()
        except OrchestraError:
            return False
        return True

    def _clean(self, value: Text | Json) -> Text | Json:
        if isinstance(value, Text):
            return value.model_copy(update={"text": self._hidden(value.text)})
        text = value.model_dump_json()
        clean = self._hidden(text)
        return value if clean == text else Json.model_validate_json(clean)

    def _hidden(self, text: str) -> str:
        server = self._session.server
        return masked(text, (*server.secrets.values(), *server.headers.values()))
