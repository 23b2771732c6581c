"""What people say and what they must hear, whatever the platform."""

from tests.flows.play import Dialogue, Later, Presses, Reacts, Said, Spends, bot

ASK_REPORT = Said("ana", "write the report")
DONE = "Done in"

DIALOGUES = (
    Dialogue(
        "a plan is approved by reaction and done",
        (
            ASK_REPORT,
            bot('Plan "write the report"', "2 tasks", "writes 1 file", "✅ run"),
            Reacts("ana", "✅"),
            bot("Approved by ana", DONE, "All is well."),
            Reacts("ana", "👍", on="result"),
            bot(absent=["not"]),
        ),
    ),
    Dialogue(
        "questions are answered in one line, in any order",
        (
            Said("ana", "write a blog post"),
            bot("Two things before I plan:", "1. Who reads it?", "2. Publish now"),
            Said("ana", "draft, managers"),
            bot("managers", "draft", 'Plan "write a blog post"', "reader: managers", "mode: draft"),
        ),
    ),
    Dialogue(
        "questions are answered by number and by button",
        (
            Said("ana", "write a blog post"),
            Said("ana", "2: draft"),
            bot("draft", "Who reads it?", absent=["Plan"]),
            Presses("ana", "managers"),
            bot("reader: managers", "mode: draft"),
        ),
    ),
    Dialogue(
        "other… takes what is typed",
        (
            Said("ana", "write a blog post"),
            Presses("ana", "other…", "nurses"),
            Said("ana", "run"),
            bot("Plan", "nurses"),
        ),
    ),
    Dialogue(
        "run takes the defaults, then approves, then is harmless",
        (
            Said("ana", "write a blog post"),
            Said("ana", "run"),
            bot("reader: developers", "mode: draft", "Plan"),
            Said("ana", "run"),
            bot("Approved by ana", DONE),
            Said("ana", "run"),
            bot("started already", absent=[DONE]),
            Reacts("ana", "✅"),
            bot(absent=[DONE, "already"]),
        ),
    ),
    Dialogue(
        "an answer that fits no question is asked about",
        (
            Said("ana", "write a blog post"),
            Said("ana", "one, two, three and four"),
            bot("I could not tell which answer belongs to which question"),
            Said("ana", "drop"),
            bot("Dropped."),
        ),
    ),
    Dialogue(
        "a change makes another plan and closes the first",
        (
            ASK_REPORT,
            Said("ana", "skip the thinking"),
            bot("Replaced by plan", "1 task"),
            Reacts("ana", "✅", on="first plan"),
            bot("replaced by a newer one", absent=[DONE]),
            Reacts("ana", "✅"),
            bot(DONE),
        ),
    ),
    Dialogue(
        "changing by reaction asks for words",
        (ASK_REPORT, Reacts("ana", "✏️"), bot("Say in words what to change")),
    ),
    Dialogue(
        "who asked for publishing may not approve it",
        (
            Said("ana", "publish the report"),
            bot("publishes 1 file", "needs: 1 approver"),
            Reacts("ana", "✅"),
            bot("another approver has to", absent=[DONE]),
            Said("ana", "run"),
            bot("another approver has to", absent=[DONE]),
            Reacts("cy", "✅"),
            bot("an approver or the owner has to approve", absent=[DONE]),
            Reacts("bo", "✅"),
            bot("Approved by bo", DONE),
        ),
        approvers=("bo",),
        owners=("ana",),
    ),
    Dialogue(
        "a tick on any other message approves nothing",
        (
            ASK_REPORT,
            Reacts("ana", "✅", on="words"),
            bot(absent=["Approved", DONE]),
            Reacts("ana", "👍"),
            bot(absent=["Approved", DONE]),
        ),
    ),
    Dialogue(
        "a plan that is too old does not run",
        (
            ASK_REPORT,
            Later(25),
            Reacts("ana", "✅"),
            bot("older than 24 hours", absent=[DONE]),
            Said("ana", "plan again"),
            bot('Plan "write the report"'),
            Reacts("ana", "✅"),
            bot(DONE),
        ),
    ),
    Dialogue(
        "cancel stops what runs",
        (
            Said("ana", "slow work"),
            Reacts("ana", "✅"),
            bot("is under way", absent=[DONE]),
            Said("bo", "cancel"),
            bot("Only the person who asked for it"),
            Said("ana", "cancel"),
            bot("Cancelled after"),
            Said("ana", "cancel"),
            bot("Nothing is running in this thread."),
        ),
    ),
    Dialogue(
        "pause and resume",
        (
            Said("ana", "slow work"),
            Said("ana", "run"),
            Said("ana", "pause"),
            bot("Paused: by ana"),
            Said("ana", "status"),
            bot("paused"),
            Said("ana", "resume"),
            bot("It goes on."),
            Said("ana", "!status"),
            bot("running"),
        ),
    ),
    Dialogue(
        "a budget warns and pauses at its end",
        (
            Said("ana", "budget $50 a month"),
            bot('Budget "project" is $50'),
            Said("ana", "budget"),
            bot("project", "0 %", "left"),
            Said("ana", "slow work"),
            Said("ana", "run"),
            Spends(75),
            bot("75 % of $50"),
            Spends(100),
            bot("100 % of $50", "paused", 'Paused: budget "project" is used up'),
            Presses("ana", "Raise", "$100"),
            bot('Budget "project" is $100'),
            Said("ana", "resume"),
            bot("It goes on."),
        ),
    ),
    Dialogue(
        "a person is asked, and only that person answers",
        (
            Said("ana", "ask kim about the numbers"),
            Said("ana", "run"),
            bot("Are the numbers right?"),
            Presses("bo", "Answer…", "no idea"),
            bot("for somebody else", absent=[DONE]),
            Said("kim", "yes"),
            bot("Thank you", DONE),
        ),
        owners=("ana",),
    ),
    Dialogue(
        "a dry run does nothing and leaves the plan waiting",
        (
            ASK_REPORT,
            Reacts("ana", "🧪"),
            bot("Dry run of", "nothing was called or changed"),
            Said("ana", "run"),
            bot("Approved by ana", DONE),
        ),
    ),
    Dialogue(
        "a dropped plan stays dropped",
        (
            ASK_REPORT,
            Reacts("ana", "❌"),
            bot("Dropped", "nothing was done"),
            Said("ana", "run"),
            bot("was dropped", absent=[DONE]),
        ),
    ),
    Dialogue(
        "what cannot be planned is declined with a hint",
        (Said("ana", "nonsense"), bot("name a file and what to do with it", absent=["Plan"])),
    ),
    Dialogue(
        "too much text is refused in one sentence",
        (Said("ana", "x" * 40_001), bot("attach the long part as a file", absent=["Plan"])),
    ),
    Dialogue(
        "the kill switch holds work back until it is released",
        (
            ASK_REPORT,
            Said("ana", "stop everything"),
            bot("Everything is stopped"),
            Said("ana", "run"),
            bot("Work is stopped here", absent=[DONE]),
            Said("ana", "resume all"),
            bot("Released"),
            Said("ana", "run"),
            bot(DONE),
        ),
    ),
    Dialogue(
        "roles are shown and given by the owner",
        (
            Said("ana", "who am i"),
            bot("ana — owner (you)"),
            Said("bo", "make @cy approver"),
            bot("Only the owner"),
            Said("ana", "make @cy approver"),
            bot("cy is an approver"),
        ),
    ),
    Dialogue("help is short", (Said("ana", "help"), bot("Say what you want done"))),
)
