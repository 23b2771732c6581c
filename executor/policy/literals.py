"""What decides where an effect goes comes from the approved plan, word for word (law 4). Pure."""

from memory.model.agents.spec import AgentSpec
from memory.model.errors import BadInput
from memory.model.work.graph import Const, Many, PerItem, Single, Task


def require_literals(task: Task, spec: AgentSpec) -> None:
    """Raise BadInput where a control slot of this agent would take what a run made or read.

    Looked at for whoever does the task now: a fallback may have other slots than the first agent.
    """
    for parameter in spec.parameters:
        given = task.inputs.get(parameter.name)
        if parameter.slot == "control" and given is not None and not _is_literal(given):
            raise BadInput(
                "{name} decides what gets changed, so it has to be in the plan.",
                name=parameter.name,
            )


def _is_literal(given: Single | Many) -> bool:
    if isinstance(given, Many):
        return all(isinstance(item, Const) for item in given.items)
    return isinstance(given, Const | PerItem)
