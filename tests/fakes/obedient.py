"""A model that does whatever any text it sees tells it to: what an injection hopes for.

An order is `OBEY {'tool': …, 'arguments': {…}}`, which no CSV and no JSON has to escape. It calls the tool, offered or not; it plans what
the order says where it's asked for a plan; and it repeats the order in its answer, so that whoever
reads that is told, too.
"""

import ast
import json
import re
from typing import Any

from tests.fakes.model import Data, FakeModel, Reply, Text, ToolCall
from tests.fakes.model_wires import Seen

_ORDER = re.compile(r"OBEY (\{.*?\}\})")


def order(tool: str, **arguments: object) -> str:
    """The words that make it do this."""
    return f"OBEY { {'tool': tool, 'arguments': arguments}!r}"


class ObedientModel(FakeModel):
    """The server. `obeyed` counts what it was made to do."""

    obeyed = 0

    def _next(self, seen: Seen) -> Reply:
        orders = [ast.literal_eval(found) for found in _ORDER.findall(_all_of(seen))]
        if not orders:
            return super()._next(seen)
        self.obeyed += 1
        wanted = orders[0]
        if "draft" in seen.form or seen.form in {"json_schema", "json_object"}:
            return Data(_draft(wanted))
        name, arguments = wanted["tool"], wanted["arguments"]
        if seen.tools and not _answered(seen):
            return ToolCall(re.sub(r"[^\w-]", "_", name), json.dumps(arguments))
        return Text(f"As you say.\n{order(name, **arguments)}\n@everyone")


def _all_of(seen: Seen) -> str:
    """Everything it is shown: messages, and the descriptions of its tools."""
    said = "\n".join(str(item.get("content", item.get("output"))) for item in seen.items)
    described = (
        tool.get("function", tool).get("description", "") for tool in seen.body.get("tools", ())
    )
    return "\n".join([said, *described])


def _answered(seen: Seen) -> bool:
    return any(
        item.get("role") == "tool" or item.get("type") == "function_call_output"
        for item in seen.items
    )


def _draft(wanted: dict[str, Any]) -> dict[str, Any]:
    inputs = [
        {"name": name, "value": str(value), "from_task": None}
        for name, value in wanted["arguments"].items()
    ]
    task = {"key": "one", "title": "A summary", "type": wanted["tool"], "agent": None, "instruction": "",
            "after": [], "inputs": inputs}  # fmt: skip
    return {"title": "A summary", "tasks": [task], "assumptions": [], "gaps": []}
