"""`orchestra eval plan --planner model`: one question per request, kept as it is answered.

Every answer goes to a journal beside the output at once, so that a run that broke off goes on where
it was. An answer that cannot be read, a refusal and an answer cut short count as an empty plan.
"""

import asyncio
import json
import time
from collections.abc import Sequence

import structlog
from pydantic import JsonValue, ValidationError

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.prices import cost
from memory.model.base import Model
from memory.model.errors import AgentUnavailable
from memory.model.wires.turns import Said
from planner.compiling.reading import read_json
from planner.evaluation.cases import Case
from planner.evaluation.journal import Journal
from planner.evaluation.plans import Predicted
from planner.experience.choosing import Chooser
from planner.experience.past import PastPlan
from planner.experience.similar import Requests
from planner.experience.tools import ToolCard, ToolIndex
from planner.llms.client import Down
from planner.llms.ladder import Ladder, Reply, strict_schema
from planner.llms.prompt import block, prompt, schema_in_words

TOOLS_SHOWN = 30
PAST_SHOWN = 4
AT_ONCE = 4
PAUSES_S = (1.0, 5.0)
"""Between tries, where the model does not answer."""

log = structlog.get_logger(__name__)


class _Passing(Model):
    source: str
    target: str


class _Chosen(Model):
    """What the model may say (untrusted)."""

    nodes: tuple[str, ...]
    links: tuple[_Passing, ...]


class Answered(Model):
    """One case as the model answered it; `empty` where its answer was of no use."""

    id: str
    plan: Predicted
    empty: bool = False
    tokens_in: int = 0
    tokens_out: int = 0


class Bill(Model):
    """What an evaluation took. `cost_micro_usd` is None where the price is not known."""

    tokens_in: int
    tokens_out: int
    cost_micro_usd: int | None
    empty: int


class ModelPredictor:
    """Asks one endpoint. `pauses_s` are the waits before it is asked again after no answer."""

    def __init__(
        self,
        endpoint: ModelEndpoint,
        tools: Sequence[ToolCard],
        history: Sequence[PastPlan] = (),
        *,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        self.endpoint = endpoint
        self._cards = {tool.id: tool for tool in tools}
        self._index = ToolIndex(tools)
        self._chooser = Chooser(tools)
        self._history = history
        self._requests = Requests([plan.request for plan in history])
        self._pauses_s = tuple(pauses_s)
        self._ladder = Ladder()
        self._schema = strict_schema(_Chosen)

    async def answer_all(
        self, cases: Sequence[Case], journal: Journal, *, at_once: int = AT_ONCE
    ) -> list[Answered]:
        """Every case in its order; those that the journal has are not asked again.

        Raises AgentUnavailable where the model stays silent; what was answered is kept.
        """
        kept = [Answered.model_validate(row) for row in journal.resume()]
        done = {answered.id: answered for answered in kept}
        waiting = [case for case in cases if case.id not in done]
        slots = asyncio.Semaphore(at_once)

        async def ask(case: Case) -> None:
            async with slots:
                done[case.id] = answered = await self.answer(case)
                journal.add(answered.model_dump(mode="json"))

        async with asyncio.TaskGroup() as group:
            for case in waiting:
                group.create_task(ask(case))
        return [done[case.id] for case in cases]

    async def answer(self, case: Case) -> Answered:
        """Ask about one case. Raises AgentUnavailable where the model stays silent."""
        started = time.perf_counter()
        ending = await self._ask(self._messages(case.request))
        took = (time.perf_counter() - started) * 1000
        if not isinstance(ending, Reply):
            log.info("answer of no use", case=case.id, ending=type(ending).__name__)
            return Answered(id=case.id, plan=Predicted(took_ms=took), empty=True)
        plan = self._read(ending.text, took)
        return Answered(
            id=case.id,
            plan=plan,
            empty=not plan.nodes,
            tokens_in=ending.tokens_in,
            tokens_out=ending.tokens_out,
        )

    async def _ask(self, messages: Sequence[Said]) -> object:
        shown = schema_in_words(self._schema)
        reason = ""
        for pause_s in (0.0, *self._pauses_s):
            await asyncio.sleep(pause_s)
            ending = await self._ladder.ask(
                self.endpoint, messages, schema=self._schema, shown_schema=shown
            )
            if not isinstance(ending, Down):
                return ending
            reason = ending.reason
        raise AgentUnavailable(
            "{title}: {reason}. Its answers so far are saved; run the same command again to "
            "continue.",
            title=self.endpoint.title,
            reason=reason,
        )

    def _messages(self, request: str) -> tuple[Said, ...]:
        best = (*self._chooser.chosen(request), *self._index.best(request, TOOLS_SHOWN))
        past = self._most_alike(request)
        used = (tool for plan in past for tool in plan.nodes)
        tools = dict.fromkeys((*tuple(dict.fromkeys(best))[:TOOLS_SHOWN], *used))
        lines = [_line(self._cards[tool]) for tool in tools if tool in self._cards]
        blocks = [
            block("TOOLS", "\n".join(lines)),
            block("PAST PLANS", "\n".join(_example(plan) for plan in past)),
            block("REQUEST", request),
        ]
        return (
            Said(role="system", text=prompt("tools")),
            Said(role="user", text="\n\n".join(filter(None, blocks))),
        )

    def _most_alike(self, request: str) -> list[PastPlan]:
        likeness, _ = self._requests.likeness(request)
        ranked = sorted(range(len(likeness)), key=lambda place: -likeness[place])
        return [self._history[place] for place in ranked[:PAST_SHOWN] if likeness[place] > 0]

    def _read(self, text: str, took_ms: float) -> Predicted:
        try:
            chosen = _Chosen.model_validate(read_json(text))
        except (ValidationError, ValueError):
            return Predicted(took_ms=took_ms)
        nodes = tuple(dict.fromkeys(tool for tool in chosen.nodes if tool in self._cards))
        links = [(link.source, link.target) for link in chosen.links]
        kept = dict.fromkeys(link for link in links if set(link) <= set(nodes))
        return Predicted(nodes=nodes, links=tuple(kept), took_ms=took_ms)


def _line(card: ToolCard) -> str:
    takes = ", ".join((*card.takes, *card.parameters))
    gives = ", ".join((*card.gives, *card.results))
    parts = [f"{card.id}: {card.desc}", f"takes {takes}" if takes else ""]
    return "; ".join(part for part in (*parts, f"gives {gives}" if gives else "") if part)


def _example(plan: PastPlan) -> str:
    example: dict[str, JsonValue] = {
        "request": plan.request,
        "nodes": list(plan.nodes),
        "links": [{"source": first, "target": last} for first, last in plan.links],
    }
    return json.dumps(example, ensure_ascii=False)


def bill(endpoint: ModelEndpoint, answered: Sequence[Answered]) -> Bill:
    """What all the answers took."""
    tokens_in = sum(case.tokens_in for case in answered)
    tokens_out = sum(case.tokens_out for case in answered)
    price = cost(endpoint, tokens_in, tokens_out)
    return Bill(
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_micro_usd=price,
        empty=sum(case.empty for case in answered),
    )
