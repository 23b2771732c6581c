"""Stand-ins for a dry run: the same road, no call to anybody, no change, no money."""

from collections.abc import Mapping

from executor.agents.port import Call, Reply
from memory.model.agents.spec import AgentSpec, EffectClass
from memory.model.base import sha256
from memory.model.work.run import Usage
from memory.model.work.value import (
    File,
    Json,
    Label,
    Table,
    Text,
    Value,
)

MARK = "simulated"


class SimulatedAgent:
    """Gives a value of the type the real agent would give, and says that it is simulated.

    `usual_s` is how long the real one takes by experience, by type of task; the simulated one
    says so instead of taking that long.
    """

    def __init__(self, spec: AgentSpec, usual_s: Mapping[str, float] | None = None) -> None:
        self._spec = spec
        self._usual_s = usual_s or {}

    @property
    def spec(self) -> AgentSpec:
        """What the real agent can do."""
        return self._spec

    async def run(self, call: Call) -> Reply:
        """Do nothing, and say what would have been done."""
        return Reply(value=_value(self._spec, call, self._said(call)), usage=Usage())

    def _said(self, call: Call) -> str:
        changes = [
            f"would {effect.effect} {effect.target}"
            for effect in call.task.effects
            if effect.effect is not EffectClass.READ
        ]
        usual = self._usual_s.get(call.task.type)
        time = [f"usually takes {usual:.0f} s"] if usual else []
        facts = "; ".join([*changes, *time]) or "would change nothing"
        return f"[{MARK}] {call.task.title}: {self._spec.title} {facts}."


def _value(spec: AgentSpec, call: Call, said: str) -> Value:
    match spec.output:
        case "text":
            return Text(text=said, label=Label.TRUSTED)
        case "table":
            return Table(columns=(MARK,), rows=((said,),), total_rows=1, label=Label.TRUSTED)
        case "json":
            return Json(value={MARK: True, "note": said}, label=Label.TRUSTED)
        case "file":
            path = next((effect.target for effect in call.task.effects), call.task.key)
            return File(
                path=path,
                digest=sha256(said.encode()),
                media_type="text/plain",
                size=0,
                title=said,
                label=Label.TRUSTED,
            )
