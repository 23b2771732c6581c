"""`orchestra eval plan`: without a model, or by asking one."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config.settings import Settings
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.errors import Misconfigured
from memory.model.money import show_money
from planner.evaluation.cases import (
    Case,
    PastRow,
    PlanGold,
    read_cases,
    read_plan_gold,
    read_rows,
    write_rows,
)
from planner.evaluation.journal import Journal
from planner.evaluation.plans import (
    SHOWN,
    Predicted,
    opened,
    prediction_rows,
    predictions,
    recall_of,
    score_plans,
)
from planner.evaluation.scores import percentile
from planner.evaluation.toolfile import read_tools
from planner.experience.past import PastPlan
from planner.experience.tools import ToolCard


@dataclass(frozen=True)
class PlanFiles:
    """What is read and where the predictions go."""

    requests: Path
    tools: Path
    out: Path
    history: Path | None
    gold: Path | None


@dataclass(frozen=True)
class _Inputs:
    cases: Sequence[Case]
    tools: Sequence[ToolCard]
    past: Sequence[PastPlan]
    gold: Sequence[PlanGold]


def offline(files: PlanFiles, cache: Path) -> None:
    """Predict from descriptions and past plans; print the figures. Raises BadInput.

    `cache` keeps what was worked out of them for the next time.
    """
    asyncio.run(_plan(files, _read(files), cache))


async def _plan(files: PlanFiles, inputs: _Inputs, cache: Path) -> None:
    async with opened(inputs.tools, inputs.past, cache) as planner:
        found = {name: plan async for name, plan in predictions(planner, inputs.cases)}
        print(f"loading {planner.loaded_s:.1f} s, then {_pace(found)}")
        _finish(files, inputs, found)
        print(f"questions before the plan: {_asked(found)}")
        if inputs.gold:
            recall = await recall_of(planner, inputs.cases, inputs.gold)
            print(f"recall@{SHOWN} {recall:.1f} of {len(inputs.tools)} tools")


def _asked(found: Mapping[str, Predicted]) -> str:
    asking = sum(plan.asked > 0 for plan in found.values())
    return f"{sum(plan.asked for plan in found.values())} in {asking} of {len(found)} requests"


def by_model(files: PlanFiles, settings: Settings, name: str) -> None:
    """Ask a model about each request; print the figures and what it took.

    Raises BadInput, Misconfigured (no such model) and AgentUnavailable (it stays silent).
    """
    endpoint = _endpoint(settings, name)
    inputs = _read(files)
    asyncio.run(_ask(files, inputs, endpoint))


async def _ask(files: PlanFiles, inputs: _Inputs, endpoint: ModelEndpoint) -> None:
    from planner.evaluation.by_model import ModelPredictor, bill

    journal = Journal(
        files.out.with_name(f"{files.out.name}.part"),
        (endpoint.base_url, endpoint.model),
        inputs.tools,
        inputs.past,
        inputs.cases,
    )
    predictor = ModelPredictor(endpoint, inputs.tools, inputs.past)
    answered = await predictor.answer_all(inputs.cases, journal)
    found = {answer.id: answer.plan for answer in answered}
    spent = bill(endpoint, answered)
    cost = "price not known" if spent.cost_micro_usd is None else show_money(spent.cost_micro_usd)
    print(f"{endpoint.title} ({endpoint.model}): {_pace(found)}")
    print(f"{spent.tokens_in:,} tokens in, {spent.tokens_out:,} out, {cost}; {spent.empty} empty")
    _finish(files, inputs, found)
    journal.remove()


def _read(files: PlanFiles) -> _Inputs:
    cases = read_cases(files.requests, Case)
    tools = read_tools(files.tools)
    past = [row.plan() for row in read_rows(files.history, PastRow)] if files.history else []
    gold = read_plan_gold(files.gold, [tool.id for tool in tools]) if files.gold else []
    return _Inputs(cases, tools, past, gold)


def _finish(files: PlanFiles, inputs: _Inputs, found: Mapping[str, Predicted]) -> None:
    write_rows(files.out, prediction_rows(found))
    print(
        f"{len(found)} requests planned over {len(inputs.tools)} tools and {len(inputs.past)} "
        f"past plans: {files.out}"
    )
    if inputs.gold:
        scores = score_plans(found, inputs.gold)
        print(
            f"node F1 {scores.node_f1:.1f}   edge F1 {scores.edge_f1:.1f}   ({scores.cases} cases)"
        )


def _pace(found: Mapping[str, Predicted]) -> str:
    took = [plan.took_ms for plan in found.values()]
    return f"p50 {percentile(took, 0.5):.1f} ms   p95 {percentile(took, 0.95):.1f} ms a request"


def _endpoint(settings: Settings, name: str) -> ModelEndpoint:
    known = settings.endpoints
    if not known:
        raise Misconfigured(
            "No model is set up. Set a provider's key, for example OPENAI_API_KEY, "
            "or use --planner offline."
        )
    wanted = name.strip().casefold()
    for model in known:
        if not wanted or wanted in {model.name.casefold(), model.title.casefold(), *model.aliases}:
            return model
    raise Misconfigured(
        "There's no model {name}. You have: {known}.",
        name=name,
        known=", ".join(model.name for model in known),
    )
