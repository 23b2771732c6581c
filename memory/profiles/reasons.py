"""Why an agent has its place, in words for people that say only what is so. Pure."""

from collections.abc import Sequence

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.money import show_money
from memory.model.text import text

WELL = 0.5
"""From this quality on a similar task went well."""


def reason_for(
    task_type: str,
    record: AgentProfile | None,
    similar: Sequence[SimilarTask],
    *,
    explored: bool = False,
    paused: bool = False,
) -> str:
    """One line: quality and number of tasks, cost, opinions, similar tasks."""
    parts = [text("no history here yet")]
    if record is not None and record.samples:
        parts = [_record_in_words(task_type, record)]
        if record.mean_cost_micro_usd:
            parts.append(show_money(record.mean_cost_micro_usd))
        if record.likes or record.dislikes:
            parts.append(f"{record.likes} 👍 {record.dislikes} 👎")
    if similar:
        good = sum(map(_went_well, similar))
        parts.append(text("{good} of {n} similar tasks went well", good=good, n=len(similar)))
    if explored:
        parts.insert(0, text("tried out to learn how it does"))
    if paused:
        parts.insert(0, text("paused after failures"))
    return ", ".join(parts)


def _went_well(task: SimilarTask) -> bool:
    return task.succeeded if task.quality is None else task.quality >= WELL


def _record_in_words(task_type: str, record: AgentProfile) -> str:
    arrived = record.successes / record.samples
    share = arrived if record.quality is None else record.quality
    if record.samples == 1:
        return text("{share} on 1 {task_type} task here", share=f"{share:.2f}", task_type=task_type)
    return text(
        "{share} on {n} {task_type} tasks here",
        share=f"{share:.2f}",
        n=f"{record.samples:,}",
        task_type=task_type,
    )
