"""`orchestra eval routing`: what choosing agents saves, and what it costs in quality."""

import asyncio
from pathlib import Path

from memory.model.agents.routing import Dial, Routing
from memory.model.errors import BadInput
from memory.model.timing.clock import SystemClock
from planner.evaluation.routing import replayed
from planner.evaluation.streams import read_stream


def routing(path: Path, quality: str, seeds: int) -> None:
    """Print the figures of each replay, and their mean. Raises BadInput."""
    if quality not in set(Dial):
        raise BadInput("Use --quality cheap, balanced or best.")
    stream, terms = read_stream(path), Routing(dial=Dial(quality))
    found = asyncio.run(replayed(stream, terms, seeds, start=SystemClock().now()))
    for seed, replay in enumerate(found):
        print(
            f"seed {seed}: {replay.saved:.1f}% saved, {replay.lost:.2f} pp lost, "
            f"{replay.explored:.1f}% on trials"
        )
    saved = sum(replay.saved for replay in found) / len(found)
    lost = sum(replay.lost for replay in found) / len(found)
    print(
        f"{len(stream)} questions, {quality}: {saved:.1f}% saved and {lost:.2f} pp lost against "
        f"always {found[0].best}"
    )
