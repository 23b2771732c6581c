"""Stand-ins for a dry run: the same path, but no calls, no changes, no money."""

from executor.port import Call, Reply
from memory.model.agents.spec import AgentSpec, EffectClass
from memory.model.base import sha256
from memory.model.text import text
from memory.model.work.run import Usage
from memory.model.work.value import File, Json, Label, Table, Text, Value

MARK = "simulated"


class SimulatedAgent:
    """Gives a value of the type the real agent would give, and says that it is simulated."""

    def __init__(self, spec: AgentSpec) -> None:
        self._spec = spec

    @property
    def spec(self) -> AgentSpec:
        """What the real agent can do."""
        return self._spec

    async def run(self, call: Call) -> Reply:
        """Do nothing, and say what would have been done."""
        return Reply(value=_value(self._spec, call, self._words(call)), usage=Usage())

    def _words(self, call: Call) -> str:
        changes = [
            text("would {effect} {target}", effect=effect.effect, target=effect.target)
            for effect in call.task.effects
            if effect.effect is not EffectClass.READ
        ]
        facts = "; ".join(changes) or text("would change nothing")
        return f"[{MARK}] {call.task.title}: {self._spec.title} {facts}."


def _value(spec: AgentSpec, call: Call, words: str) -> Value:
    match spec.output:
        case "text":
            return Text(text=words, label=Label.TRUSTED)
        case "table":
            return Table(columns=(MARK,), rows=((words,),), total_rows=1, label=Label.TRUSTED)
        case "json":
            return Json(value={MARK: True, "note": words}, label=Label.TRUSTED)
        case "file":
            path = next((effect.target for effect in call.task.effects), call.task.key)
            return File(
                path=path,
                digest=sha256(words.encode()),
                media_type="text/plain",
                size=0,
                title=words,
                label=Label.TRUSTED,
            )
