"""chat.remind: words for the thread, at the time a schedule says."""

from executor.data import arguments
from executor.data.specs import content, control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.errors import BadInput
from memory.model.limits import REQUEST_CHARS
from memory.model.work.value import Text

SPEC = tool(
    "chat.remind",
    "Posts a reminder in this thread; with a schedule, at its time.",
    content("text", "What to remind of", "text", takes=("text",), sample="Call Bo."),
    control("who", "Whom to mention; everybody here where nobody is named", "json", required=False),
    output="text",
    words=("reminder", "remind"),
    usual_s=(0.0, 0.1),
)


class ChatRemind:
    """Says just what the plan says; who reports the run posts it and mentions the person."""

    spec = SPEC

    async def run(self, call: Call) -> Reply:
        """The reminder."""
        return await in_thread(lambda: Reply(value=_words(call)), timeout_s=call.timeout_s)


def _words(call: Call) -> Text:
    words = arguments.text(call, "text").strip()
    if not words:
        raise BadInput("Say what to remind of.")
    return Text(text=words[:REQUEST_CHARS])
