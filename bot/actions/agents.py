"""Which tools of which servers may be used, by the whole installation.

The store writes the audit row of each deed, beside the list it is about.
"""

from bot.actions.act import Act, action
from memory.model.agents.tools import OfferedTool
from memory.model.authority import Right
from memory.model.base import Model
from memory.store.knowledge import tool_pins


class TrustTools(Model):
    """Just these tools of the server, as they were shown."""

    server: str
    tools: tuple[OfferedTool, ...]


class RefuseTools(Model):
    """All tools of the server."""

    server: str


class ToolsDecided(Model):
    """`done` is False where there was nothing to change."""

    server: str
    done: bool


@action("tools.trust")
async def trust(act: Act, given: TrustTools) -> ToolsDecided:
    """Let plans use them from the next start on. Raises NotAllowed."""
    act.must(Right.TRUST_TOOLS)
    await tool_pins.approve(act.tx, given.server, given.tools, by=act.person.key, at=act.now)
    return ToolsDecided(server=given.server, done=True)


@action("tools.refuse")
async def refuse(act: Act, given: RefuseTools) -> ToolsDecided:
    """Let no plan use them from the next start on. Raises NotAllowed."""
    act.must(Right.TRUST_TOOLS)
    done = await tool_pins.withdraw(act.tx, given.server, by=act.person.key, at=act.now)
    return ToolsDecided(server=given.server, done=done)
