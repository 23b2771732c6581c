"""The whole program with a model that costs money: alerts, the pause, and how it goes on."""

from decimal import Decimal
from pathlib import Path

import pytest

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName
from tests.fakes.model import Data, FakeModel, Text
from tests.flows.play import Presses, Reacts, Said, bot
from tests.flows.whole.program import (
    IN_TURN,
    ExternalAgents,
    state,
    whole,
)

PRICED = "gpt-4o-mini"
PER_TOKEN = Decimal("0.0000006")
"""Dollars for a token of output, in the price list."""
PLANNING = "You plan work for a team"


class Priced(FakeModel):
    """A model whose finished tasks use so many tokens, one after the other; planning is free."""

    def __init__(self, *tokens_out: int) -> None:
        super().__init__(models=(PRICED,))
        self.tokens_out = list(tokens_out)

    def _usage(self) -> dict[str, int] | None:
        planning = PLANNING in self.requests[-1].text
        self.usage = (0, 0 if planning else self.tokens_out.pop(0))
        return super()._usage()

    @property
    def endpoint(self) -> ModelEndpoint:
        return ModelEndpoint(
            name=AgentName("chatgpt"),
            title="ChatGPT",
            provider="openai",
            base_url=self.base_url,
            model=PRICED,
            price_model=PRICED,
        )


def chapters(*names: str) -> dict[str, object]:
    """A draft of a plan in which ChatGPT writes one after the other."""
    tasks = [
        {
            "key": name,
            "title": f"Write {name}",
            "type": "draft",
            "agent": "ChatGPT",
            "instruction": f"Write the chapter {name}.",
            "inputs": [],
            "after": [before] if before else [],
        }
        for before, name in zip(("", *names), names, strict=False)
    ]
    return {"title": "A book", "tasks": tasks, "assumptions": [], "gaps": []}


@pytest.mark.parametrize("platform", IN_TURN)
async def test_a_budget_warns_on_its_way_pauses_at_its_end_and_goes_on_when_raised(
    platform: str, tmp_path: Path
) -> None:
    dollars = (30, 15, 9, 6, 3)
    names = ("one", "two", "three", "four", "five")
    async with Priced(*(int(one / PER_TOKEN) for one in dollars)) as model:
        model.when(PLANNING, Data(chapters(*names)))
        model.default = Text("A chapter.")
        paid = ExternalAgents(tmp_path, endpoints=(model.endpoint,))
        async with whole(platform, paid) as ready:
            await state(
                ready,
                Said("ana", "budget $60 in all"),
                bot('Budget "project" is now $60 in total'),
                Said("ana", "Write a book of five chapters"),
                bot('Plan "A book"', "5 tasks", "ChatGPT", absent=["Cost: $0 ", "Cost\n$0\n"]),
                Reacts("ana", "✅"),
                bot(*(f"{percent}% of $60 used in total" for percent in (50, 75, 90, 100))),
                bot("Its runs are paused", "is used up. Raise it and resume", absent=["Done in"]),
                Said("ana", "status"),
                bot("paused"),
            )
            assert len(model.chats) == 1 + 4
            await state(
                ready,
                Said("ana", "resume"),
                bot("raise the budget and resume", absent=["Done in"]),
            )
            assert len(model.chats) == 1 + 4
            raised = "budget $120 in all"
            await state(
                ready,
                Said("ana", raised) if platform == "console" else Presses("ana", "Raise", "$120"),
                bot('Budget "project" is now $120 in total'),
                Said("ana", "resume"),
                bot("It goes on.", "Done in", "$63"),
                Said("ana", "budget"),
                bot("52%", "$63.00 of $120 in total"),
            )
            assert len(model.chats) == 1 + 5


async def test_a_run_and_an_agent_have_limits_of_their_own(tmp_path: Path) -> None:
    async with Priced(*(int(15 / PER_TOKEN) for _ in range(4))) as model:
        model.when(PLANNING, Data(chapters("one", "two", "three", "four")))
        model.default = Text("A chapter.")
        paid = ExternalAgents(tmp_path, endpoints=(model.endpoint,))
        async with whole("console", paid) as ready:
            await state(
                ready,
                Said("ana", "budget ChatGPT $20 a day"),
                bot('Budget "ChatGPT" is now $20 a day, for this agent alone'),
                Said("ana", "Write a book of four chapters"),
                bot('Plan "A book"', "4 tasks"),
                Reacts("ana", "✅"),
                bot("75% of $20 used today", "100% of $20 used today", "Its runs are paused"),
                Said("ana", "this run at most $40"),
                bot("is now $40 in total, for this run alone"),
                Said("ana", "budget ChatGPT $200 a day"),
                bot('Budget "ChatGPT" is now $200 a day'),
                Said("ana", "resume"),
                bot('"run ', "100% of $40 used in total", absent=["Done in"]),
                Said("ana", "budget"),
                bot("for that run", "PAUSED", "spent on: chatgpt $45.00"),
            )
            assert len(model.chats) == 1 + 3
