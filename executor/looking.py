"""Looking at a project's files outside a run: the tools that only read, behind the same walls."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from executor.data import arguments
from executor.egress.files import ProjectFiles
from executor.port import Agent, Call
from memory.model.base import AgentName, ProjectId, TaskKey
from memory.model.errors import NotFound, OrchestraError
from memory.model.work.graph import Task

LOOKS: Final = frozenset({"files.read", "data.profile", "data.query"})
"""The tools that read files and nothing else; none of them reaches out of the folder."""


async def look(
    agents: Mapping[AgentName, Agent],
    files: ProjectFiles,
    project: ProjectId,
    tool: str,
    inputs: Mapping[str, JsonValue],
    *,
    timeout_s: float,
) -> str:
    """What the tool gives, as text. Raises NotFound for any other tool, and what the tool raises."""
    agent = agents.get(AgentName(tool))
    if agent is None or tool not in LOOKS:
        raise NotFound("There's no tool called {name} for looking at files.", name=tool)
    task = Task(key=TaskKey("look"), title=tool, type=tool, agent=agent.spec.name)
    call = Call(
        project=project,
        task=task,
        inputs=dict(inputs),
        files=files,
        effect_key="",
        timeout_s=timeout_s,
    )
    reply = await agent.run(call)
    return await asyncio.to_thread(arguments.as_text, reply.value, call)


async def digest(files: ProjectFiles, paths: Sequence[str]) -> str:
    """A digest of the files' contents; "" where one is too large to be read for it, or is gone."""

    def read() -> str:
        whole = hashlib.sha256()
        for path in sorted(paths):
            try:
                data = files.read(path)
            except OrchestraError:
                return ""
            whole.update(f"{path}\0{hashlib.sha256(data).hexdigest()}\n".encode())
        return whole.hexdigest()

    return await asyncio.to_thread(read)
