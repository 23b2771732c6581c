"""A person of the thread as an agent: only its entry in the catalogue.

The executor turns such a task into a row that waits for an answer; nothing runs here.
"""

from memory.model.agents.spec import AgentKind, AgentSpec, Parameter
from memory.model.base import AgentName

PERSON = AgentSpec(
    name=AgentName("person"),
    kind=AgentKind.HUMAN,
    title="Person",
    description="Asks somebody in the thread and waits for the answer.",
    task_types=("ask", "approve", "review"),
    parameters=(
        Parameter(name="who", description="Who is asked", type="json", slot="control"),
        Parameter(
            name="question",
            description="What is asked",
            type="text",
            takes=("text",),
            sample="May this go out?",
        ),
        Parameter(
            name="context", description="What the person should see", type="list", required=False
        ),
    ),
    output="text",
    idempotent=False,
    aliases=("human", "somebody"),
    words=("question", "approval", "sign-off"),
)
"""Asks a person; the answer is the task's value."""
