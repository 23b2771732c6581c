"""`orchestra eval`: how well the planner does on anybody's own cases."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Workspace

evaluation = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Measure the planner on your own cases.",
)

Out = Annotated[Path, typer.Option("--out", help="Where the predictions go.")]


@evaluation.callback()
def _group() -> None:
    """Measure the planner on your own cases."""


@evaluation.command()
def plan(
    requests: Annotated[Path, typer.Option("--requests", help='Lines of {"id", "request"}.')],
    tools: Annotated[Path, typer.Option("--tools", help='{"nodes": [{"id", "desc", …}]}.')],
    out: Out,
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
    planner: Annotated[str, typer.Option("--planner", help="offline or model.")] = "offline",
    model: Annotated[
        str,
        typer.Option("--model", help="One of your models.", show_default="the first"),
    ] = "",
    config: Config = None,
    data: Data = None,
) -> None:
    """Predict tools and their order for each request."""
    from bot.cli.evaluation.plan import PlanFiles, by_model, offline
    from bot.config.settings import load
    from memory.model.errors import BadInput

    settings = load(config=config, data=data)

    files = PlanFiles(requests=requests, tools=tools, out=out, history=history, gold=gold)
    match planner:
        case "offline":
            offline(files, settings.data / "evaluation")
        case "model":
            by_model(files, settings, model)
        case _:
            raise BadInput("Use --planner offline or --planner model.")
    raise Ended(0)


@evaluation.command()
def clarify(
    tasks: Annotated[Path, typer.Option("--tasks", help='Lines of {"id", "request"}.')],
    out: Out,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", help='Right answers: {"id", "vague"}.', show_default=False),
    ] = None,
) -> None:
    """Find tasks that are too vague to start, and name what's missing."""
    from planner.evaluation.cases import Case, VagueGold, read_cases, write_rows
    from planner.evaluation.clarify import score_verdicts, verdict_rows, verdicts
    from planner.experience.vagueness import shipped_judge

    cases = read_cases(tasks, Case)
    right = read_cases(gold, VagueGold) if gold else []
    found = verdicts(shipped_judge(), cases)
    write_rows(out, verdict_rows(found))
    vague = sum(verdict.vague for verdict in found.values())
    print(f"{len(found)} tasks judged, {vague} of them vague: {out}")
    if right:
        scores = score_verdicts(found, right)
        print(
            f"balanced accuracy {scores.balanced_accuracy:.1f}   precision {scores.precision:.1f}"
            f"   recall {scores.recall:.1f}   ({scores.cases} cases)"
        )
    raise Ended(0)


@evaluation.command()
def estimate(
    project: Annotated[
        str, typer.Option("--project", help="The project's name.", show_default="the workspace's")
    ] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Compare cost and time forecasts with what successful runs took."""
    from bot.cli.evaluation.estimate import estimate as compare
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace, per_workspace=not project)
    raise Ended(compare(settings, project=project))


@evaluation.command()
def routing(
    stream: Annotated[
        Path, typer.Option("--stream", help="Questions with each model's quality and cost.")
    ],
    quality: Annotated[
        str, typer.Option("--quality", help="cheap, balanced or best.")
    ] = "balanced",
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=20, help="How many replays.")] = 3,
) -> None:
    """Replay a stream of questions through the choice of agents, from no record at all."""
    from bot.cli.evaluation.routing import routing as replay

    replay(stream, quality, seeds)
    raise Ended(0)


@evaluation.command()
def agents(
    results: Annotated[
        Path, typer.Option("--results", help="Questions with each model's quality and cost.")
    ],
    project: Annotated[
        str, typer.Option("--project", help="The project's name.", show_default="the workspace's")
    ] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let a project begin with what tests say of its agents."""
    from bot.cli.evaluation.agents import agents as keep
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace, per_workspace=not project)
    keep(settings, results, project=project)
    raise Ended(0)
