"""A model that costs money, found by its entry point as third parties are."""

from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind, AgentSpec, Parameter
from memory.model.base import AgentName
from memory.model.work.run import Usage
from memory.model.work.value import Text

COST = 6_000
"""Micro-USD for one call: more than half of the budget in the tests."""


class Scribe:
    """Says the same about everything, at a price."""

    @property
    def spec(self) -> AgentSpec:
        return AgentSpec(
            name=AgentName("scribe"),
            kind=AgentKind.MODEL,
            title="Scribe",
            description="Writes a sentence.",
            task_types=("analyse", "summarise", "draft", "general"),
            parameters=(
                Parameter(name="context", description="What to read.", type="list", required=False),
            ),
            provider="openai",
            price_model="gpt-4o-mini",
            local=False,
        )

    async def run(self, call: Call) -> Reply:
        usage = Usage(tokens_in=900, tokens_out=40, requests=1, cost_micro_usd=COST)
        return Reply(value=Text(text="North sold most."), usage=usage)
