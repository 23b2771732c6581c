"""Inputs as drafted → inputs as the graph holds them, checked against the parameters. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from memory.model.agents.spec import AgentSpec, EffectClass, Parameter
from memory.model.base import TaskKey, name_key
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.configuring import configures
from memory.model.work.graph import Const, Effect, FromItem, FromTask, Input, Item, Many, PerItem
from planner.compiling import kinds
from planner.compiling.constants import Bound, Surroundings, checked
from planner.compiling.reading import read_value
from planner.draft import DraftInput, DraftTask
from planner.names import did_you_mean, listed, nearest, repeated
from planner.tools import RECIPIENTS

Element = Const | FromTask | Item | FromItem

OUTPUTS: Mapping[str, frozenset[str]] = {
    "table": frozenset({"table"}),
    "file": frozenset({"file"}),
    "number": frozenset(),
    "boolean": frozenset(),
}
"""What a task's output has to be for a parameter of this type; the others take anything."""


def bind(task: DraftTask, spec: AgentSpec, around: Surroundings) -> Bound:
    """The task's inputs, or what is wrong with them, each in one sentence."""
    bound = Bound()
    known = {name_key(parameter.name): parameter for parameter in spec.parameters}
    drafted: dict[str, list[DraftInput]] = {}
    for given in task.inputs:
        if name_key(given.name) in known:
            drafted.setdefault(name_key(given.name), []).append(given)
        else:
            bound.problems.append(_unknown(task, spec, given.name))
    for key, parameter in known.items():
        if key in drafted or _needed(parameter):
            binding = _Binding(bound, task, spec, parameter, around)
            try:
                bound.inputs[parameter.name] = binding.value(drafted.get(key, ()))
            except (BadInput, ValueError) as error:
                bound.problems.append(text("Task {task}: {problem}", task=task.key, problem=error))
    return bound


def _needed(parameter: Parameter) -> bool:
    return parameter.required and parameter.default is None


def _unknown(task: DraftTask, spec: AgentSpec, name: str) -> str:
    names = [parameter.name for parameter in spec.parameters]
    problem = text(
        "Task {task}: {agent} has no parameter {name}.", task=task.key, agent=spec.name, name=name
    )
    if not names:
        return problem
    near = listed(nearest(name, names) or names, word="and")
    return f"{problem} {text('It has {names}.', names=near)}"


def effects_of(
    spec: AgentSpec, inputs: Mapping[str, Input], *, times: int = 1
) -> tuple[Effect, ...]:
    """What the task changes, from the agent's class and the control slots alone (law 4).

    Of a map that is done `times` times: of the first item, then of the second, and so on.
    """
    if spec.effect is EffectClass.READ:
        return ()
    return tuple(
        Effect(effect=_class_of(spec, target), target=target)
        for number in range(times)
        for target in _aims(spec, list(_targets(spec, inputs, number)))
    )


def _class_of(spec: AgentSpec, target: str) -> EffectClass:
    """Writing a file that configures things is more than writing."""
    if spec.effect is EffectClass.WRITE and configures(target):
        return EffectClass.CONFIGURE
    return spec.effect


def _aims(spec: AgentSpec, targets: Sequence[str]) -> Sequence[str]:
    """Where a program or server names a target of its own, that goes before the inputs."""
    if not spec.target:
        return targets
    return [f"{spec.target}: {target}" for target in targets] or [spec.target]


def _targets(spec: AgentSpec, inputs: Mapping[str, Input], number: int) -> Iterator[str]:
    for parameter in spec.parameters:
        aims = parameter.type in {"path", "url"} or name_key(parameter.name) in RECIPIENTS
        if not aims or parameter.slot != "control":
            continue
        match inputs.get(parameter.name):
            case Const(value=value) if value is not None:
                yield str(value)
            case PerItem(values=values):
                yield str(values[number])


@dataclass(frozen=True)
class _Binding:
    """One parameter of one task. The methods raise BadInput."""

    bound: Bound
    task: DraftTask
    spec: AgentSpec
    parameter: Parameter
    around: Surroundings

    def value(self, given: Sequence[DraftInput]) -> Input:
        """What the graph holds for the inputs that were drafted for it."""
        name = self.parameter.name
        if not given:
            raise BadInput("{agent} needs {name}.", agent=self.spec.name, name=name)
        if any(drafted.open for drafted in given):
            return Const(value=None)  # asked about; the plan isn't made before there is an answer
        if self.task.each is not None and self._varies(given):
            return self._per_item(given)
        return self._same_for_all([each for drafted in given for each in self._elements(drafted)])

    def _same_for_all(self, elements: Sequence[Element]) -> Input:
        optional = self.around.conditional and not _needed(self.parameter)
        if self.parameter.type == "list":
            return _list(elements, optional=optional)
        if len(elements) > 1:
            raise BadInput("{name} takes one value.", name=self.parameter.name)
        return _single(elements[0], optional=optional)

    def _varies(self, given: Sequence[DraftInput]) -> bool:
        """Whether the value differs from item to item, as it must where each writes a file."""
        control = self.parameter.slot == "control"
        writes = self.spec.effect in {EffectClass.WRITE, EffectClass.PUBLISH}
        aims = control and writes and self.parameter.type == "path"
        if control and any(drafted.item is not None for drafted in given):
            return True
        if any(_has_hole(drafted.value or "", folder=aims) for drafted in given):
            return True
        if not aims:
            return False
        raise BadInput(
            "every item would go to {path}; put {{n}} or {{name}} into its path.",
            path=given[0].value,
        )

    def _per_item(self, given: Sequence[DraftInput]) -> PerItem:
        """The constants for every item, each checked as if it had been given alone."""
        over = kinds.each(self.task, self.around.outputs)
        items, times = kinds.items_of(over), kinds.times(self.task, over)
        rows = list(zip(*(self._column(drafted, items, times) for drafted in given), strict=True))
        firsts = [row[0] for row in rows]
        writes = self.parameter.type == "path" and self.spec.effect is not EffectClass.READ
        for path in repeated(map(str, firsts)) if writes else ():
            raise BadInput(
                "two items would go to {path}; put {{n}} into {name}.",
                path=path,
                name=self.parameter.name,
            )
        values: list[JsonValue] = [list(row) for row in rows]
        template = given[0].value or "{item}" if len(given) == 1 else ""
        return PerItem(
            values=tuple(values if self.parameter.type == "list" else firsts), template=template
        )

    def _template(self, drafted: DraftInput, *, named: bool) -> str:
        """The words each item is put into; a folder gets a file for each, with its name if known."""
        template = drafted.value or "" if drafted.item is None else "{item}"
        if template.endswith("/") and self.parameter.type == "path":
            return f"{template}{{name}}.md" if named else f"{template}{{n}}.md"
        return template

    def _column(
        self, drafted: DraftInput, items: tuple[JsonValue, ...] | None, times: int
    ) -> list[JsonValue]:
        if drafted.from_task or (drafted.item and items is not None):
            raise BadInput("{name} mixes values of the plan with others.", name=self.parameter.name)
        filled = kinds.filled(self._template(drafted, named=items is not None), items, times)
        return [value for words in filled for value in self._constants(words.strip())]

    def _elements(self, drafted: DraftInput) -> Sequence[Element]:
        name = self.parameter.name
        if drafted.item is not None:
            if self.task.each is None:
                raise BadInput("{name} takes an item, but the task runs only once.", name=name)
            return [Item(field=drafted.item)]
        if drafted.from_task:
            return [self._reference(drafted.from_task)]
        if drafted.value is None:
            raise BadInput("{name} has neither a value nor a task it comes from.", name=name)
        return [Const(value=value) for value in self._constants(drafted.value)]

    def _constants(self, words: str) -> Iterator[JsonValue]:
        name, choices = self.parameter.name, self.parameter.choices
        words = words if self.parameter.type == "text" and not choices else words.strip()
        for plain in _plain(self.parameter, words):
            value = checked(self.bound, self.spec, self.parameter, plain, self.around)
            if choices and value not in choices:
                raise BadInput("{name} has to be {choices}.", name=name, choices=listed(choices))
            yield value

    def _reference(self, source: str) -> FromTask | FromItem:
        name = self.parameter.name
        if name_key(source) == name_key(self.task.key):
            raise BadInput("it takes its own output as input.")
        spec = self.around.outputs.get(source)
        if spec is None:
            hint = did_you_mean(source, self.around.outputs)
            raise BadInput(
                "{name} comes from {source}, which isn't in the plan.{hint}",
                name=name,
                source=source,
                hint=hint,
            )
        if self.parameter.slot == "control":
            raise BadInput(
                "{name} decides what is done, so it needs a fixed value, not the output of {source}.",
                name=name,
                source=source,
            )
        before = self.around.tasks[source]
        beside = kinds.same_list(self.task, before)
        output = spec.output if before.each is None or beside else "list"
        if output not in OUTPUTS.get(self.parameter.type, {output}):
            raise BadInput(
                "{name} is a {type}, but task {source} gives a {output}.",
                name=name,
                type=self.parameter.type,
                source=source,
                output=output,
            )
        return FromItem(task=TaskKey(source)) if beside else FromTask(task=TaskKey(source))


def _has_hole(value: str, *, folder: bool) -> bool:
    """Whether an item's own words go into it. `folder`: so they do into one."""
    return kinds.HOLE.search(value) is not None or (folder and value.endswith("/"))


def _single(element: Element, *, optional: bool) -> Element:
    if optional and isinstance(element, FromTask):
        return element.model_copy(update={"optional": True})
    return element


def _list(elements: Sequence[Element], *, optional: bool) -> Const | Many:
    constants = [element for element in elements if isinstance(element, Const)]
    if len(constants) == len(elements):
        return Const(value=[constant.value for constant in constants])
    return Many(items=tuple(elements), optional=optional)


def _plain(parameter: Parameter, words: str) -> list[JsonValue]:
    if parameter.type != "list" or not words.lstrip().startswith("["):
        return [words]
    read = read_value(words)
    return list(read) if isinstance(read, list) else [words]
