"""`orchestra eval`: how well the planner does on anybody's own cases."""

import time
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.ending import Ended

evaluation = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Measure the planner on your own cases.",
)


@evaluation.callback()
def _group() -> None:
    """Measure the planner on your own cases."""


@evaluation.command()
def plan(
    requests: Annotated[Path, typer.Option("--requests", help='Lines of {"id", "request"}.')],
    tools: Annotated[Path, typer.Option("--tools", help='{"nodes": [{"id", "desc", …}]}.')],
    out: Annotated[Path, typer.Option("--out", help="Where the predictions go.")],
    history: Annotated[
        Path | None,
        typer.Option(
            "--history", help='Past plans: {"request", "nodes", "links"}.', show_default=False
        ),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", help='Right answers: {"id", "nodes", "links"}.', show_default=False),
    ] = None,
) -> None:
    """Choose tools and their order for each request, without a model."""
    from planner.evaluation.cases import Case, PlanGold, read_rows, read_tools, write_rows
    from planner.evaluation.plans import Predictor, predictions, score_plans
    from planner.experience.past import PastPlan

    cases = read_rows(requests, Case)
    right = read_rows(gold, PlanGold) if gold else []
    predictor = Predictor(read_tools(tools), read_rows(history, PastPlan) if history else ())
    started = time.perf_counter()
    count = write_rows(out, predictions(predictor, cases))
    took = (time.perf_counter() - started) * 1000 / count
    print(f"{count} requests planned, {took:.1f} ms each, to {out}")
    if right:
        scores = score_plans(read_rows(out, PlanGold), right)
        print(
            f"node F1 {scores.node_f1:.1f}   edge F1 {scores.edge_f1:.1f}   ({scores.cases} cases)"
        )
    raise Ended(0)
