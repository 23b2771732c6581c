"""Inputs as drafted → inputs as the graph holds them, checked against the parameters. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from memory.model.agents.spec import AgentSpec, EffectClass, Parameter
from memory.model.base import TaskKey, name_key
from memory.model.work.graph import Const, Effect, FromItem, FromTask, Input, Item, Many, PerItem
from planner.compiling import kinds
from planner.compiling.constants import Bound, Surroundings, checked
from planner.compiling.reading import read_json
from planner.draft import DraftInput, DraftTask
from planner.names import listed, nearest

Element = Const | FromTask | Item | FromItem

RECIPIENT_SLOTS = frozenset({"to", "recipient", "recipients", "host", "command", "channel"})


def bind(task: DraftTask, spec: AgentSpec, around: Surroundings) -> Bound:
    """The task's inputs, or what is wrong with them, each in one sentence."""
    bound = Bound()
    known = {name_key(parameter.name): parameter for parameter in spec.parameters}
    given: dict[str, list[DraftInput]] = {}
    for one in task.inputs:
        if name_key(one.name) in known:
            given.setdefault(name_key(one.name), []).append(one)
        else:
            near = nearest(one.name, [p.name for p in spec.parameters])
            hint = f"; it has {listed(near or [p.name for p in spec.parameters], word='and')}"
            bound.problems.append(
                f"Task {task.key}: {spec.name} has no parameter {one.name}"
                + (hint if spec.parameters else "")
                + "."
            )
    for key, parameter in known.items():
        if key in given:
            _fill(bound, task, spec, parameter, given[key], around)
        elif parameter.required and parameter.default is None:
            bound.problems.append(f"Task {task.key}: {spec.name} needs {parameter.name}.")
    return bound


def effects_of(
    spec: AgentSpec, inputs: Mapping[str, Input], *, times: int = 1
) -> tuple[Effect, ...]:
    """What the task changes, from the agent's class and the control slots alone (law 4).

    Of a map that is done `times` times: of the first item, then of the second, and so on.
    """
    if spec.effect is EffectClass.READ:
        return ()
    return tuple(
        Effect(effect=spec.effect, target=target)
        for number in range(times)
        for target in _aims(spec, list(_targets(spec, inputs, number)))
    )


def _aims(spec: AgentSpec, targets: Sequence[str]) -> list[str]:
    """Where a program or server has something of its own to say, that goes before the inputs."""
    if not spec.target:
        return list(targets)
    return [f"{spec.target}: {target}" for target in targets] or [spec.target]


def _targets(spec: AgentSpec, inputs: Mapping[str, Input], number: int) -> Iterator[str]:
    for parameter in spec.parameters:
        value = inputs.get(parameter.name)
        aims = parameter.type in {"path", "url"} or name_key(parameter.name) in RECIPIENT_SLOTS
        if not aims or parameter.slot != "control":
            continue
        if isinstance(value, Const):
            yield str(value.value)
        elif isinstance(value, PerItem):
            yield str(value.values[number])


def _fill(
    bound: Bound,
    task: DraftTask,
    spec: AgentSpec,
    parameter: Parameter,
    given: Sequence[DraftInput],
    around: Surroundings,
) -> None:
    try:
        template = _template(task, spec, parameter, given)
        if template:
            bound.inputs[parameter.name] = _per_item(bound, task, spec, parameter, given, around)
            return
        items = [item for one in given for item in _one(bound, task, spec, parameter, one, around)]
    except ValueError as error:
        bound.problems.append(f"Task {task.key}: {error}")
        return
    optional = around.conditional and not (parameter.required and parameter.default is None)
    if parameter.type == "list":
        bound.inputs[parameter.name] = _list(items, optional=optional)
        return
    if len(items) > 1:
        bound.problems.append(f"Task {task.key}: {parameter.name} takes one value.")
    first = items[0]
    if optional and isinstance(first, FromTask):
        first = first.model_copy(update={"optional": True})
    bound.inputs[parameter.name] = first


def _list(items: Sequence[Element], *, optional: bool) -> Const | Many:
    if all(isinstance(item, Const) for item in items):
        values: list[JsonValue] = [item.value for item in items if isinstance(item, Const)]
        return Const(value=values)
    return Many(items=tuple(items), optional=optional)


def _template(
    task: DraftTask, spec: AgentSpec, parameter: Parameter, given: Sequence[DraftInput]
) -> bool:
    """Whether the value differs from item to item. Raises ValueError where it has to and does not."""
    if task.each is None:
        return False
    if any(kinds.HOLE.search(one.value or "") for one in given):
        return True
    if parameter.slot == "control" and any(one.item is not None for one in given):
        return True
    writes = spec.effect in {EffectClass.WRITE, EffectClass.PUBLISH} and parameter.type == "path"
    if writes and parameter.slot == "control":
        if any((one.value or "").endswith("/") for one in given):
            return True
        raise ValueError(
            f"every item would go to {given[0].value}; put {{n}} or {{name}} into its path."
        )
    return False


def _per_item(
    bound: Bound,
    task: DraftTask,
    spec: AgentSpec,
    parameter: Parameter,
    given: Sequence[DraftInput],
    around: Surroundings,
) -> PerItem:
    """The constants for every item, each checked as if it had been said alone."""
    over = kinds.each(task, around.outputs)
    items = tuple(over.value) if isinstance(over, Const) and isinstance(over.value, list) else None
    times = kinds.bound(task) if items is None else len(items)
    columns = []
    for one in given:
        if one.from_task or (one.item and items is not None):
            raise ValueError(f"{parameter.name} mixes values of the plan with others.")
        said = one.value if one.item is None else "{item}"
        if said is not None and said.endswith("/") and parameter.type == "path":
            said += "{n}.md" if items is None else "{name}.md"
        filled = kinds.filled(said or "", items, times)
        columns.append([
            value.value
            for text in filled
            for value in _one(
                bound, task, spec, parameter, DraftInput(name=one.name, value=text), around
            )
            if isinstance(value, Const)
        ])  # fmt: skip
    rows: list[JsonValue] = [list(row) for row in zip(*columns, strict=True)]
    if parameter.type == "path" and spec.effect is not EffectClass.READ:
        _differ(parameter, [row[0] for row in rows if isinstance(row, list)])
    template = given[0].value or "{item}" if len(given) == 1 else ""
    if parameter.type != "list":
        rows = [row[0] for row in rows if isinstance(row, list)]
    return PerItem(values=tuple(rows), template=template)


def _differ(parameter: Parameter, values: Sequence[JsonValue]) -> None:
    """Raises ValueError where two items would go to one file."""
    twice = next((one for one in values if values.count(one) > 1), None)
    if twice is not None:
        raise ValueError(f"two items would go to {twice}; put {{n}} into {parameter.name}.")


def _one(
    bound: Bound,
    task: DraftTask,
    spec: AgentSpec,
    parameter: Parameter,
    given: DraftInput,
    around: Surroundings,
) -> Iterator[Element]:
    if given.item is not None:
        if task.each is None:
            raise ValueError(f"{parameter.name} takes an item, but the task is done once only.")
        yield Item(field=given.item)
        return
    if given.from_task:
        yield _reference(task, parameter, given.from_task, around)
        return
    if given.value is None:
        raise ValueError(f"{parameter.name} has neither a value nor a task it comes from.")
    for value in _constants(parameter, given.value):
        found = checked(bound, spec, parameter, value, around)
        if parameter.choices and found not in parameter.choices:
            raise ValueError(f"{parameter.name} is one of {listed(parameter.choices)}.")
        yield Const(value=found)


def _reference(
    task: DraftTask, parameter: Parameter, source: str, around: Surroundings
) -> FromTask | FromItem:
    if name_key(source) == name_key(task.key):
        raise ValueError("it takes its own output as input.")
    spec = around.outputs.get(source)
    if spec is None:
        near = nearest(source, around.outputs)
        raise ValueError(
            f"{parameter.name} comes from task {source}, which is not in the plan"
            + (f"; did you mean {listed(near)}?" if near else ".")
        )
    if parameter.slot == "control":
        raise ValueError(
            f"{parameter.name} decides what is done, so it is a fixed value, not {source}'s output."
        )
    fits = {"table": {"table"}, "file": {"file"}, "number": set(), "boolean": set()}
    wanted = fits.get(parameter.type)
    before = around.tasks.get(source)
    beside = before is not None and kinds.same_list(task, before)
    whole = before is not None and before.each is not None and not beside
    output = "list" if whole else spec.output
    if wanted is not None and output not in wanted:
        raise ValueError(
            f"{parameter.name} is a {parameter.type}, but task {source} gives a {output}."
        )
    return FromItem(task=TaskKey(source)) if beside else FromTask(task=TaskKey(source))


def _constants(parameter: Parameter, text: str) -> list[JsonValue]:
    if parameter.type != "list" or not text.lstrip().startswith("["):
        return [text]
    read = read_json(text)
    return list(read) if isinstance(read, list) else [text]
