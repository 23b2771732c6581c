"""Drafts over tools of servers, services and packages: chosen, filled, asked about, linked."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass, Parameter
from memory.model.base import sha256
from memory.model.text import text
from planner.catalogue.cards import foreign
from planner.catalogue.entities import Entity, entities_in
from planner.catalogue.evidence import SURE
from planner.catalogue.finder import Found, Pick
from planner.catalogue.learning import Learning, Learnt
from planner.catalogue.learnt.history import Slot
from planner.catalogue.offers import offers
from planner.catalogue.roles import Role, role_of
from planner.catalogue.segments import Segment, lead_off, orders
from planner.catalogue.sinks import sink
from planner.catalogue.slots import fill
from planner.catalogue.straying import left_to_a_service, unaddressed, unsaid
from planner.draft import Draft, DraftInput, DraftTask, Gap
from planner.drafter_port import Drafted
from planner.names import slug, unused
from planner.offline.drafter import AUTHOR, plan_offline
from planner.port import PlanRequest

BY = f"{AUTHOR}, tools"
NONE = text("none of these")
LEAVE_OUT = text("leave it out")
_REFERS = re.compile(r"\b(?:it|them|that|this|those|these|result|results|answer|output)\b", re.I)
_CHARS = 90


class ToolDrafter:
    """Drafts where a request means tools that the grammar knows nothing of."""

    def __init__(self, learning: Learning) -> None:
        self._learning = learning

    async def draft(self, request: PlanRequest) -> Drafted | None:
        """The draft with what is still open; None where the request means no such tool."""
        tools = foreign(request.catalogue)
        if not tools or request.base is not None:
            return None
        learnt = await self._learning.of(request, tools)
        return await asyncio.to_thread(_drafted, request, learnt)

    async def means_others(self, draft: Draft, request: PlanRequest) -> bool:
        """Whether words that clearly mean one of these tools got no place in the grammar's draft."""
        tools = foreign(request.catalogue)
        if not tools:
            return False
        if left_to_a_service(draft, request):
            return True
        entities = entities_in(request.text, request.now.date())
        finder = await self._learning.finder(tools)
        found = await asyncio.to_thread(finder.find, request.text, entities)
        return any(
            (pick.sure >= SURE and unsaid(pick, draft)) or unaddressed(pick, draft, entities)
            for pick in found.picks
        )


def _drafted(request: PlanRequest, learnt: Learnt) -> Drafted | None:
    entities = entities_in(request.text, request.now.date())
    found = learnt.finder.find(
        request.text,
        entities,
        learned=learnt.experience,
        vector=learnt.vector,
        alike=learnt.alike,
    )
    if not found.picks:
        return None
    work = _Work(request, entities, learnt.values)
    work.do(found)
    if not work.used:
        return None
    draft = Draft(
        title=_title(request.text),
        tasks=tuple(work.tasks),
        assumptions=tuple(work.assumptions),
        gaps=tuple(work.gaps),
    )
    return Drafted(draft, BY)


@dataclass
class _Work:
    """The draft as it grows."""

    request: PlanRequest
    entities: Sequence[Entity]
    values: Mapping[Slot, tuple[str, ...]]
    """What was put into slots before, newest first."""
    tasks: list[DraftTask] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)
    """The task of each tool."""

    @property
    def answers(self) -> Mapping[str, str]:
        return {answer.slot: answer.value for answer in self.request.answers}

    def do(self, found: Found) -> None:
        """The tools in their order, and before each what was said before it and is ours."""
        rest = _joined(self.request.text, found.rest, found)
        for pick in found.picks:
            while rest and rest[0].start < pick.segment.start:
                self._ours(rest.pop(0))
            self._use(pick, found)
        for part in rest:
            self._ours(part)

    def _use(self, pick: Pick, found: Found) -> None:
        spec = self._chosen(pick)
        if spec is None:
            return
        waits_for = [first for first, then in found.links if then == spec.name]
        before = [first for first in waits_for if first in self.used]
        given = self._given(spec, before, found)
        key = unused(slug(str(spec.name).split(".")[-1]), {task.key for task in self.tasks})
        inputs = self._inputs(spec, pick, given)
        after = [self.used[name] for name in before]
        after = after or self._at_the_end(spec, inputs)
        self.tasks.append(
            DraftTask(
                key=key,
                title=_title(lead_off(pick.segment.text)),
                type=spec.task_types[0],
                agent=spec.name,
                instruction=self.request.text if spec.kind is AgentKind.WEBHOOK else "",
                inputs=tuple(inputs),
                after=tuple(after),
            )
        )
        self.used[str(spec.name)] = key

    def _given(self, spec: AgentSpec, before: Sequence[str], found: Found) -> dict[str, str]:
        """The parameters that earlier tools fill, each with the task it comes from."""
        return {
            name: self.used[first] for first in before for name in found.fed[first, str(spec.name)]
        }

    def _at_the_end(self, spec: AgentSpec, inputs: Sequence[DraftInput]) -> list[str]:
        """What changes something and is given nothing comes after all that was said before."""
        if spec.effect is EffectClass.READ or any(given.from_task for given in inputs):
            return []
        return [task.key for task in self.tasks[-1:]]

    def _chosen(self, pick: Pick) -> AgentSpec | None:
        """The tool; where that isn't sure it's asked, and something stands in the draft meanwhile."""
        if (pick.plain or pick.sure >= SURE) and not pick.rivals:
            return pick.spec
        offered = {str(spec.name): spec for spec in (pick.spec, *pick.rivals)}
        slot = self._choice(pick)
        answer = self.answers.get(slot)
        if answer is not None:
            return offered.get(answer)
        effect = pick.spec.effect is not EffectClass.READ
        self.gaps.append(
            Gap(
                slot=slot,
                question=text(
                    "Which tool do you mean for “{words}”?", words=pick.segment.text[:_CHARS]
                ),
                options=(*offered, NONE)[:6],
                default=str(pick.spec.name),
                matters="effects" if effect else "plan",
                accepts=(),
            )
        )
        return pick.spec

    def _inputs(self, spec: AgentSpec, pick: Pick, given: Mapping[str, str]) -> list[DraftInput]:
        """`given`: the tasks whose results fill parameters, by their names."""
        filling = fill(spec, self.request.text, pick.segment, self.entities)
        undecided = any(gap.slot == self._choice(pick) for gap in self.gaps)
        inputs = []
        for parameter in spec.parameters:
            slot = self._slot(f"{spec.name}: {parameter.name}")
            answer = self.answers.get(slot, "")
            before = self._before(parameter, pick, given)
            if answer:
                inputs.append(DraftInput(name=parameter.name, value=answer))
            elif parameter.name in filling:
                inputs.append(DraftInput(name=parameter.name, value=filling[parameter.name].value))
            elif before:
                inputs.append(DraftInput(name=parameter.name, from_task=before))
            elif parameter.required and parameter.default is None:
                inputs.append(DraftInput(name=parameter.name, open=slot))
                if not undecided:  # else it's asked once the tool is known
                    self.gaps.append(self._missing(spec, parameter, pick.segment, slot))
        return inputs

    def _before(self, parameter: Parameter, pick: Pick, given: Mapping[str, str]) -> str:
        """The task before, where its result is what goes in here."""
        if not self.tasks or parameter.slot == "control":
            return ""
        if parameter.name in given:
            return given[parameter.name]
        material = role_of(parameter) is Role.BODY or parameter.name == "context"
        if material and _REFERS.search(pick.segment.text):
            return self.tasks[-1].key
        return self.tasks[-1].key if parameter.type in {"table", "file"} else ""

    def _missing(self, spec: AgentSpec, parameter: Parameter, part: Segment, slot: str) -> Gap:
        """The question for a value that nobody said."""
        about = parameter.description.rstrip(".")
        name = parameter.name.replace("_", " ")
        asked = (
            name if about.casefold() in {name.casefold(), parameter.name} else f"{name} ({about})"
        )
        before = self.values.get((str(spec.name), parameter.name), ())
        options = parameter.choices or offers(
            spec, parameter, part, self.request, self.entities, before
        )
        return Gap(
            slot=slot,
            question=text("What's the {name} for {tool}?", tool=spec.name, name=asked[:200]),
            options=options[:6],
            default=options[0] if len(options) == 1 else "",
            matters="effects" if spec.effect is not EffectClass.READ else "plan",
            accepts=tuple(parameter.choices) if parameter.choices else None,
            needed=True,
        )

    def _choice(self, pick: Pick) -> str:
        return self._slot(f"tool for {pick.segment.text[:60]}")

    def _slot(self, name: str) -> str:
        """Answers hold for this request alone: another one is asked again."""
        return f"{name[:90]} · {sha256(self.request.text.encode())[:8]}"

    def _ours(self, part: Segment) -> None:
        """A part that means none of those tools: the grammar's, else left out or asked about."""
        sunk = sink(part, self.tasks, self.entities, self.request.catalogue)
        if sunk is not None:
            self.tasks.append(sunk)
            return
        request = self.request.model_copy(update={"text": part.text})
        draft = plan_offline(request)
        if not draft.tasks or left_to_a_service(draft, request):
            self._left(part)
            return
        keys = {task.key for task in self.tasks}
        names = {task.key: unused(task.key, keys) for task in draft.tasks}
        before = self.tasks[-1].key if self.tasks else ""
        for task in draft.tasks:
            self.tasks.append(_renamed(task, names, before))
        self.assumptions += draft.assumptions
        self.gaps += draft.gaps

    def _left(self, part: Segment) -> None:
        slot = self._slot(f"left: {part.text[:60]}")
        telling = re.findall(r"[^\W\d_]{3,}", lead_off(part.text))
        if len(telling) < 2 or slot in self.answers or (self.tasks and not orders(part)):
            return
        self.gaps.append(
            Gap(
                slot=slot,
                question=text(
                    "I have no tool for “{words}”. Go on without it?", words=part.text[:_CHARS]
                ),
                options=(LEAVE_OUT,),
                default=LEAVE_OUT,
                matters="plan",
                accepts=(),
            )
        )


def _joined(request: str, rest: Sequence[Segment], found: Found) -> list[Segment]:
    """Neighbouring parts as one, so that "it" still has what it means."""
    joined: list[Segment] = []
    starts = sorted(pick.segment.start for pick in found.picks)
    for part in rest:
        last = joined[-1] if joined else None
        if last is not None and not any(last.start < start < part.start for start in starts):
            joined[-1] = Segment(request[last.start : part.end], last.start, part.end)
        else:
            joined.append(part)
    return joined


def _renamed(task: DraftTask, names: Mapping[str, str], before: str) -> DraftTask:
    inputs = tuple(
        given.model_copy(update={"from_task": names.get(given.from_task, given.from_task)})
        if given.from_task
        else given
        for given in task.inputs
    )
    after = tuple(names.get(key, key) for key in task.after)
    first = not after and not any(given.from_task for given in inputs)
    return task.model_copy(
        update={
            "key": names[task.key],
            "inputs": inputs,
            "after": (before,) if first and before else after,
        }
    )


def _title(words: str) -> str:
    line = " ".join(words.split())
    line = line if len(line) <= _CHARS else f"{line[: _CHARS - 1]}…"
    return f"{line[:1].upper()}{line[1:]}"
