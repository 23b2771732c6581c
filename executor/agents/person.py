"""A person of the thread as an agent: only its entry in the catalogue.

The executor turns such a task into a row that waits for an answer; nothing runs here.
"""

from executor.data.specs import content, control
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName

PERSON = AgentSpec(
    name=AgentName("person"),
    kind=AgentKind.HUMAN,
    title="Person",
    description="Asks somebody in the thread and waits for the answer.",
    task_types=("ask", "approve", "review"),
    parameters=(
        control("who", "Who is asked", "json"),
        content("question", "What is asked", "text", takes=("text",), sample="May this go out?"),
        content("context", "What the person should see", "list", required=False),
    ),
    output="text",
    idempotent=False,
    aliases=("human", "somebody"),
    words=("question", "approval", "sign-off"),
)
"""Asks a person; the answer is the task's value."""
