"""What was said in the threads of open plans while Slack couldn't reach us, with the real SDK."""

from bot.chat import say
from bot.platforms.slack.adapter import Slack
from memory.model.identity import ThreadRef
from memory.model.timing.clock import SystemClock
from tests.fakes.slack.ear import Ear, listening
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import Workspace


def _unheard(workspace: Workspace, who: str, words: str, thread: ThreadRef) -> None:
    """Said while nobody listened, so that no event tells of it."""
    posted = Message(
        workspace.state.ts(), thread.channel, workspace.user(who).id, words, thread.thread
    )
    workspace.state.messages[(thread.channel, posted.ts)] = posted


async def test_words_after_an_open_plan_are_heard_at_the_next_connection_and_once(
    workspace: Workspace, slack: Slack, thread: ThreadRef
) -> None:
    ear = Ear()
    _unheard(workspace, "ana", "before the plan", thread)
    ear.open = (await slack.post(thread, say("the plan"), {}, key="plan"),)
    _unheard(workspace, "bo", "use pie charts", thread)
    async with listening(workspace, ear, slack):
        await workspace.wait_for(lambda: ear.heard)
    async with Slack(workspace.settings, SystemClock()) as again, listening(workspace, ear, again):
        await workspace.wait_for(lambda: ear.told >= 2)
    (heard,) = ear.events
    assert (heard.text, heard.author.display) == ("use pie charts", "bo")
    assert (heard.thread, heard.addressed) == (thread, False)


async def test_a_thread_that_cannot_be_read_holds_up_no_other(
    workspace: Workspace, slack: Slack, thread: ThreadRef
) -> None:
    ear = Ear()
    root = workspace.say(workspace.user("ana"), "another")
    other = thread.model_copy(update={"thread": root.ts})
    plans = [
        await slack.post(where, say("plan"), {}, key=where.thread) for where in (thread, other)
    ]
    ear.open = tuple(plans)
    _unheard(workspace, "bo", "run", other)
    workspace.faults.plan("conversations.replies", Fault(error="thread_not_found"))
    async with listening(workspace, ear, slack):
        await workspace.wait_for(lambda: [one for one in ear.events if one.text == "run"])
