"""What a model may look at before it drafts. Everything here reads, and only what the request's
project has; what it gives goes back as quoted data, and no word of it is an order.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from pydantic import JsonValue

from memory.model.base import ProjectId
from memory.model.errors import OrchestraError, StorageTrouble
from memory.model.text import text
from memory.model.wires.turns import Given, Tool, Use
from memory.model.work.configuring import configures
from memory.model.work.value import Trial
from memory.recall.service import Recall
from planner.llms.material import best_tools, tools_shown
from planner.llms.prompt import agent_line, block
from planner.port import PlanRequest

TURNS: Final = 4
USES: Final = 4
"""Per turn; what is asked for beyond isn't looked at."""

CHARS: Final = 4_000
PASSAGES: Final = 4
TOOLS: Final = 10
TIMEOUT_S: Final = 15.0


class Look(Protocol):
    """Eyes on a project's files, which change nothing. Whoever plans is given one."""

    async def look(
        self,
        project: ProjectId,
        tool: str,
        inputs: Mapping[str, JsonValue],
        *,
        timeout_s: float,
    ) -> str:
        """What "files.read", "data.profile" or "data.query" gives, as text. Raises OrchestraError."""
        ...

    async def trying(self, project: ProjectId) -> Trial:
        """Tries queries on the project's files."""
        ...

    async def digest(self, project: ProjectId, paths: Sequence[str]) -> str:
        """A digest of the files' contents: another one, once any of them changed."""
        ...


def _tool(name: str, description: str, **parameters: str) -> Tool:
    properties: dict[str, JsonValue] = {
        key: {"type": "string", "description": words} for key, words in parameters.items()
    }
    schema: dict[str, JsonValue] = {
        "type": "object", "properties": properties, "required": list(parameters),
        "additionalProperties": False,
    }  # fmt: skip
    return Tool(name=name, description=description, parameters=schema, strict=True)


LOOKS: Final = (
    _tool(
        "look_at_file", "The profile of a table, or the beginning of a text.", path="As in FILES"
    ),
    _tool(
        "run_select",
        "The result of one DuckDB SELECT over a data file, cut after some rows.",
        path="As in FILES; the table is named by its file name without the ending",
        sql="The SELECT",
    ),
    _tool("search_knowledge", "What the project knows.", words="What to search for"),
    _tool("list_tools", "More tools of the catalogue.", words="What the tool should do"),
)


def useful(request: PlanRequest) -> bool:
    """Whether there is anything to look at."""
    return bool(request.readable) or len(tools_shown(request)) < len(request.catalogue.agents)


def stage(use: Use) -> str:
    """What is being done, for the channel."""
    given = _arguments(use)
    match use.name:
        case "look_at_file":
            return text("reading {path}…", path=given.get("path", "")[:80])
        case "run_select":
            return text("looking into {path}…", path=given.get("path", "")[:80])
        case "search_knowledge":
            return text("searching what I know…")
        case _:
            return text("looking for tools…")


async def given(use: Use, request: PlanRequest, look: Look, recall: Recall | None) -> Given:
    """What it gives, quoted and cut; what can't be looked at is said in a sentence.

    Raises StorageTrouble.
    """
    try:
        found = await _found(use, request, look, recall)
    except StorageTrouble:
        raise  # says nothing about the look; planning goes on when the database is back
    except OrchestraError as error:
        found = f"That failed: {error.user_text}"
    if len(found) > CHARS:
        found = f"{found[:CHARS]}\n[{len(found) - CHARS} characters more]"
    return Given(use=use.id, text=block("RESULT", found) or "(nothing)")


async def _found(use: Use, request: PlanRequest, look: Look, recall: Recall | None) -> str:
    arguments = _arguments(use)
    words = arguments.get("words", "")
    match use.name:
        case "look_at_file" | "run_select":
            return await _file(use.name, arguments, request, look)
        case "search_knowledge" if recall is not None:
            passages = await recall.search(request.project, words, limit=PASSAGES)
            return "\n---\n".join(f"{passage.title}: {passage.text}" for passage in passages)
        case "list_tools":
            return "\n".join(agent_line(tool) for tool in best_tools(request, words, TOOLS))
        case _:
            return "There is no such tool."


async def _file(name: str, arguments: Mapping[str, str], request: PlanRequest, look: Look) -> str:
    path = arguments.get("path", "")
    file = next((file for file in request.readable if file.path == path), None)
    if file is None or configures(path):
        return "There is no such file in FILES."
    inputs: dict[str, JsonValue] = {"sources": [path]}
    if name == "run_select":
        tool, inputs = "data.query", {**inputs, "sql": arguments.get("sql", "")}
    elif file.columns:
        tool = "data.profile"
    else:
        tool, inputs = "files.read", {"path": path}
    return await look.look(request.project, tool, inputs, timeout_s=TIMEOUT_S)


def _arguments(use: Use) -> dict[str, str]:
    try:
        read = json.loads(use.arguments or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {key: value for key, value in read.items() if isinstance(value, str)}
