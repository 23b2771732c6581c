"""The table of actions: what people can do here, and how each is said through every door.

It is the single source for the words that are read, the help, the command line's completion and
the docs; a contract test walks it. A new chat word is one row here and one handler in
`bot.conversation.handlers`.
"""

from collections.abc import Iterator
from typing import Final

from bot.language import emoji
from bot.language.routing.about import ABOUT
from bot.language.routing.governing import GOVERNING
from bot.language.routing.limits import LIMITS
from bot.language.routing.people import PEOPLE
from bot.language.routing.projects import PROJECTS
from bot.language.routing.row import Group, Row, Shows
from bot.language.routing.row import takes as _takes
from bot.language.routing.row import words as _words
from memory.model.text import Sentence, sentence

_RUN, _PLAN = "/v1/projects/{project}/runs/{run}", "/v1/projects/{project}/plans/{plan}"
_OF_PROJECT = "/v1/projects/{project}"

ROWS: Final[tuple[Row, ...]] = (
    Row(
        "request.ask", "work", sentence("say what you want done, and with what"),
        says=("Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md",),
        cli="orchestra chat", api=f"POST {_OF_PROJECT}/requests",
        kind="work", takes=_takes("text!"),
    ),
    Row(
        "request.again", "work", sentence("plan the last request again"),
        phrases=_words("plan again, again, replan, run again, do it again, once more"),
        api=f"POST {_OF_PROJECT}/requests/{{request}}/again",
        scenes=("plan", "result"),
    ),
    Row(
        "question.answer", "work", sentence("answer a question, by number or in words"),
        says=("1 managers, 2 draft",), button="answer",
        api=f"POST {_OF_PROJECT}/questions/{{question}}/answer",
        kind="answer", takes=_takes("text!"), scenes=("questions",),
    ),
    Row(
        "question.take_defaults", "work", sentence("take the defaults for every open question"),
        phrases=_words(
            "defaults, default, use the defaults, take the defaults, the defaults, you decide, you choose, you pick, "
            "up to you, whatever, whatever you think, as you like, i don't care, i don't mind, egal, du entscheidest, "
            "entscheide du, wie du willst, comme tu veux, peu importe, à toi de choisir, da igual, como quieras, decide tú"
        ),
        emoji=(emoji.RUN,), shows=("questions",), button="defaults",
        api=f"POST {_OF_PROJECT}/requests/{{request}}/defaults",
        scenes=("questions",),
    ),
    Row(
        "request.drop", "work", sentence("drop a request whose questions are open"),
        emoji=(emoji.DROP,), shows=("questions",),
        api=f"DELETE {_OF_PROJECT}/requests/{{request}}", hidden=True,
    ),
    Row("files.keep", "work", sentence("post a file to keep it in the project's folder"), hidden=True),
    Row(
        "plan.approve", "plan", sentence("run the plan (or take the defaults while questions are open)"),
        phrases=_words(
            "run, run it, go, go ahead, approve, approved, yes, y, ok, okay, start, start it, do it, "
            "ship it, lgtm, yes run it, looks good, run the plan, approve it, "
            "los, los geht's, leg los, ausführen, ja, vas-y, allez-y, lance, lance-le, oui, adelante, ejecútalo, sí"
        ),
        emoji=(emoji.RUN,), shows=("plan",), button="approve",
        api=f"POST {_PLAN}/approve",
        scenes=("plan", "questions"), safe=False,
    ),
    Row(
        "plan.approve_part", "plan", sentence("approve a part of the plan"),
        says=("run all but 4",),
        takes=_takes("text!"), scenes=("plan",), safe=False,
    ),
    Row("plan.withdraw", "plan", sentence("take your ✅ back before the run starts"), hidden=True),
    Row(
        "plan.change", "plan", sentence("change the plan in words"),
        phrases=_words("change, change it, edit, change the plan, edit the plan"),
        says=("skip 2", "use Claude for drafts", "make 3 cheaper", "add a check by kim before 4"),
        emoji=(emoji.CHANGE,), shows=("plan",), button="change",
        api=f"POST {_PLAN}/change",
        kind="change", takes=_takes("text!"), scenes=("plan", "result"),
    ),
    Row(
        "plan.what_if", "plan", sentence("compare without changing anything"),
        says=("what if Gemini did the drafts?",), api=f"POST {_PLAN}/what-if",
        takes=_takes("text!"), scenes=("plan", "result"),
    ),
    Row(
        "plan.take_what_if", "plan", sentence("make the change you compared"), button="takeit",
        api=f"POST {_OF_PROJECT}/requests/{{request}}/take", hidden=True,
    ),
    Row(
        "plan.dry_run", "plan", sentence("walk through the plan without doing anything"),
        phrases=_words("dry run, dryrun, dry-run, simulate, simulate it, test run, try it"),
        emoji=(emoji.DRY_RUN,), shows=("plan",), button="dryrun", api=f"POST {_PLAN}/dry-run",
        scenes=("plan",),
    ),
    Row(
        "plan.refuse", "plan", sentence("drop the plan"),
        phrases=_words(
            "drop, drop it, no, n, reject, refuse, discard, forget it, never mind, nevermind, "
            "drop the plan, refused, forget about it, vergiss es, lass es, laisse tomber, déjalo, olvídalo, "
            "no don't, no dont, don't, dont, do not, don't do it, don't do that, dont do it, dont do that, no stop, rather not, better not, "
            "scrap it, scrap that, no thanks, no thank you, nope, nah, lieber nicht, nein, nein danke, besser nicht, "
            "non, non merci, plutôt pas, mejor no, no gracias"
        ),
        emoji=(emoji.DROP,), shows=("plan",), button="drop", api=f"POST {_PLAN}/refuse",
        scenes=("plan", "questions"),
    ),
    Row(
        "run.status", "run", sentence("show what's running"),
        phrases=_words(
            "status, state, how far, how far are you, what is running, what's running, progress, "
            "what is happening, what's happening, how is it going, how's it going, where are we, runs"
        ),
        cli="orchestra runs", api=f"GET {_OF_PROJECT}/runs",
        takes=_takes("number name"), scenes=("run",),
    ),
    Row(
        "run.pause", "run", sentence("pause this run"),
        phrases=_words("pause, hold, wait, pause it, pause the run, hold on"),
        emoji=(emoji.PAUSE,), shows=("plan",), button="pause",
        cli="orchestra run pause", api=f"POST {_RUN}/pause",
        takes=_takes("number name"), scenes=("run",),
    ),
    Row(
        "run.resume", "run", sentence("let a paused run go on"),
        phrases=_words("resume, continue, go on, unpause, resume it, resume the run, carry on"),
        emoji=(emoji.RESUME,), shows=("plan",), button="resume",
        cli="orchestra run resume", api=f"POST {_RUN}/resume",
        takes=_takes("number name"), scenes=("run",),
    ),
    Row(
        "run.cancel", "run", sentence("stop this run for good"),
        phrases=_words("cancel, stop, abort, cancel it, stop it, cancel the run, stop the run, kill it"),
        emoji=(emoji.STOP,), shows=("plan",), button="cancel",
        cli="orchestra run cancel", api=f"POST {_RUN}/cancel",
        takes=_takes("number name"), scenes=("run",), safe=False,
    ),
    Row(
        "run.retry", "run", sentence("try again what failed, keeping the rest"),
        phrases=_words("retry, try again, try it again, retry it, retry the run, try that again"),
        emoji=(emoji.AGAIN,), shows=("plan", "result"), button="retry",
        cli="orchestra run retry", api=f"POST {_RUN}/retry",
        takes=_takes("number name"), scenes=("result",),
    ),
    Row(
        "plan.rerun", "run", sentence("do a finished run again, from the start or from a task on"),
        says=("rerun from 2",), button="again", api=f"POST {_RUN}/rerun",
        takes=_takes("number text"), scenes=("result",),
    ),
    Row(
        "run.rerun", "run", sentence("ask for a finished run again, in its own thread"),
        cli="orchestra run rerun", hidden=True,
    ),
    Row(
        "plan.fork", "run", sentence("do a finished run again with a change"),
        says=("rerun it, but with a pie chart",), button="timed", api=f"POST {_RUN}/fork",
        takes=_takes("text!"), scenes=("result",),
    ),
    Row(
        "run.undo", "run", sentence("put the files back (in a git repository)"),
        phrases=_words("undo, roll back, rollback, roll it back, undo it, undo the run, revert, revert it"),
        cli="orchestra run undo", api=f"POST {_RUN}/undo",
        takes=_takes("number name"), scenes=("result",), safe=False,
    ),
    Row(
        "task.answer", "run", sentence("answer what a running task asks you"), button="person",
        api=f"POST {_OF_PROJECT}/waits/{{wait}}/answer", hidden=True,
    ),
    Row(
        "run.priority", "run", sentence("say which run comes first"), hidden=True,
        takes=_takes("number name level"), scenes=("run",),
    ),
    Row(
        "run.rate", "run", sentence("teach me which agent is good at what"),
        emoji=(emoji.LIKE, emoji.DISLIKE), shows=("result",), button="feedback",
        api=f"POST {_RUN}/rating", scenes=("result",),
    ),
    Row(
        "schedules.list", "schedule", sentence("list the schedules"),
        says=("schedules",), cli="orchestra schedule list", api=f"GET {_OF_PROJECT}/schedules",
    ),
    Row(
        "schedule.show", "schedule", sentence("show a schedule"), says=("schedule 1",), button="schedule",
        cli="orchestra schedule show", api=f"GET {_OF_PROJECT}/schedules/{{number}}",
        takes=_takes("number!"),
    ),
    Row(
        "schedule.pause", "schedule", sentence("pause a schedule"), says=("pause schedule 1",),
        cli="orchestra schedule pause", api=f"POST {_OF_PROJECT}/schedules/{{number}}/pause",
        takes=_takes("number!"),
    ),
    Row(
        "schedule.resume", "schedule", sentence("resume a schedule"), says=("resume schedule 1",),
        cli="orchestra schedule resume", api=f"POST {_OF_PROJECT}/schedules/{{number}}/resume",
        takes=_takes("number!"),
    ),
    Row(
        "schedule.change", "schedule", sentence("give a schedule other times"),
        says=("change schedule 1 to every Friday at 17:00",),
        api=f"POST {_OF_PROJECT}/schedules/{{number}}/change",
        takes=_takes("number! text! dates period"),
    ),
    Row(
        "schedule.run", "schedule", sentence("run a schedule's plan now"), says=("run schedule 1 now",),
        api=f"POST {_OF_PROJECT}/schedules/{{number}}/run",
        takes=_takes("number!"),
    ),
    Row(
        "schedule.delete", "schedule", sentence("delete a schedule"), says=("delete schedule 1",),
        cli="orchestra schedule delete", api=f"DELETE {_OF_PROJECT}/schedules/{{number}}",
        takes=_takes("number!"), safe=False,
    ),
    Row(
        "templates.list", "learn", sentence("list the templates"),
        says=("templates",), cli="orchestra template list", api=f"GET {_OF_PROJECT}/templates",
    ),
    Row(
        "template.show", "learn", sentence("show what a template does and takes"),
        says=("show the blog-post template",), cli="orchestra template show",
        api=f"GET {_OF_PROJECT}/templates/{{name}}",
        takes=_takes("name!"),
    ),
    Row(
        "template.save", "learn", sentence("make a template of this plan"),
        says=("save this as a template called sales report",), button="template", api=f"POST {_PLAN}/template",
        takes=_takes("name"), scenes=("plan", "result"),
    ),
    Row(
        "rule.teach", "learn", sentence("tell me what to know or always do"),
        says=("remember that our fiscal year starts in April", "never use Gemini for code"),
        api=f"POST {_OF_PROJECT}/rules",
        kind="teach", takes=_takes("text! agent topic number amount name person"),
    ),
    Row(
        "rule.forget", "learn", sentence("make me forget it"),
        says=("forget that", "forget rule 3", "forget everything about me"),
        api=f"DELETE {_OF_PROJECT}/rules/{{rule}}",
        kind="forget", takes=_takes("text number agent topic"),
    ),
    Row(
        "rule.accept", "learn", sentence("let a rule hold that I proposed"),
        says=("accept rule 3",), emoji=(emoji.RUN,), shows=("rule",), button="rule",
        api=f"POST {_OF_PROJECT}/rules/{{rule}}/accept",
        takes=_takes("number"), safe=False,
    ),
    Row(
        "rule.decline", "learn", sentence("turn down a rule that I proposed"),
        says=("decline rule 3",), emoji=(emoji.DROP,), shows=("rule",),
        api=f"POST {_OF_PROJECT}/rules/{{rule}}/decline",
        takes=_takes("number"),
    ),
    *LIMITS,
    *PEOPLE,
    *GOVERNING,
    Row(
        "secrets.list", "project", sentence("list the secrets this project keeps"), exact=True,
        phrases=_words("secrets, the secrets, list secrets, list the secrets, show secrets, show the secrets"),
        cli="orchestra secret list", api=f"GET {_OF_PROJECT}/secrets",
    ),
    Row(
        "secret.keep", "project", sentence("keep a key or password under a name"), exact=True,
        says=("keep secret:stripe = …",), cli="orchestra secret keep stripe",
        api=f"PUT {_OF_PROJECT}/secrets/{{name}}", safe=False,
    ),
    Row(
        "secret.forget", "project", sentence("delete a key or password"), exact=True,
        says=("forget secret stripe",), cli="orchestra secret forget stripe",
        api=f"DELETE {_OF_PROJECT}/secrets/{{name}}", safe=False,
    ),
    Row(
        "place.confirm", "project", sentence("let me work in a new channel"), button="setup",
        cli="orchestra place confirm", api="POST /v1/channels/{channel}/confirm", hidden=True,
    ),
    Row(
        "agents.show", "project", sentence("show who works here, and how well"),
        phrases=_words(
            "agents, show agents, the agents, list agents, who can work, who works here, who is there"
        ),
        cli="orchestra agents", api=f"GET {_OF_PROJECT}/agents",
        takes=_takes("agent"),
    ),
    *PROJECTS,
    Row(
        "home.show", "project", sentence("show what waits for you, what runs, and what is planned"), exact=True,
        phrases=_words("home, my home, show home, show my home"), api="GET /v1/home",
    ),
    Row(
        "board.show", "project", sentence("keep a board of what runs in this channel"), exact=True,
        phrases=_words("show a board here, board, show a board, pin a board, pin a board here"),
        api=f"PUT {_OF_PROJECT}/board",
    ),
    Row(
        "board.hide", "project", sentence("take the board away"), exact=True,
        phrases=_words("remove the board, hide the board, no board, take the board away"),
        api=f"DELETE {_OF_PROJECT}/board",
    ),
    Row("talk.greeting", "work", sentence("say hello"), hidden=True, kind="social"),
    Row("talk.thanks", "work", sentence("say thanks"), hidden=True, kind="social"),
    Row(
        "talk.aside", "work", sentence("talk to somebody else"), hidden=True, kind="social",
        takes=_takes("person"),
    ),
    Row(
        "help", "project", sentence("show this help"),
        phrases=_words("help, commands, h"), cli="orchestra --help",
    ),
    *ABOUT,
    Row(
        "work.stop", "operate", sentence("stop new work in this project"),
        phrases=_words("stop project, pause project, pause the project, stop the project"),
        cli="orchestra stop --project NAME", api=f"POST {_OF_PROJECT}/stop",
        safe=False,
    ),
    Row(
        "work.stop_all", "operate", sentence("stop all new work, everywhere"),
        phrases=_words("stop all, stop everything, pause all, pause everything, emergency stop"),
        cli="orchestra stop", api="POST /v1/stop",
        safe=False,
    ),
    Row(
        "work.release", "operate", sentence("let this project's work go on"),
        phrases=_words("resume project, resume the project, release project"),
        cli="orchestra release --project NAME", api=f"POST {_OF_PROJECT}/release",
        safe=False,
    ),
    Row(
        "work.release_all", "operate", sentence("let all work go on"),
        phrases=_words("resume all, resume everything, release all, release everything"),
        cli="orchestra release", api="POST /v1/release",
        safe=False,
    ),
    Row(
        "tools.trust", "operate", sentence("let plans use the tools of a server"),
        cli="orchestra tools trust", api="PUT /v1/tool-servers/{server}/trust", hidden=True,
    ),
    Row(
        "tools.refuse", "operate", sentence("let plans use no tool of a server"),
        cli="orchestra tools refuse", api="DELETE /v1/tool-servers/{server}/trust", hidden=True,
    ),
    Row(
        "audit.rotate_key", "operate", sentence("seal approvals and the audit log with a new key"),
        cli="orchestra audit rotate-key", api="POST /v1/audit/keys", hidden=True,
    ),
)  # fmt: skip

GROUPS: Final[dict[Group, Sentence]] = {
    "work": sentence("Work"),
    "plan": sentence("On a plan"),
    "run": sentence("While it runs, and afterwards"),
    "schedule": sentence("On a schedule"),
    "learn": sentence("Templates, and what you teach me"),
    "project": sentence("This project"),
    "about": sentence("Ask me"),
    "operate": sentence("Emergency stop"),
}
"""The sections of the help, in order."""

BY_NAME: Final = {row.name: row for row in ROWS}
BY_PHRASE: Final = {phrase: row.name for row in ROWS for phrase in row.phrases}
BY_BUTTON: Final = {row.button: row.name for row in ROWS if row.button}


def by_emoji(mark: str, shows: Shows) -> str:
    """The name of the action that this emoji means on such a message, "" for none."""
    return next((row.name for row in ROWS if mark in row.emoji and shows in row.shows), "")


def of_group(group: Group) -> Iterator[Row]:
    """The rows of one section of the help, in order."""
    return (row for row in ROWS if row.group == group and not row.hidden)


def completions() -> tuple[str, ...]:
    """What a line may begin with, for completion as people type: one way to say each thing."""
    return tuple(
        words for row in ROWS if not row.hidden for words in (*row.phrases[:1], *row.says)
        if row.name != "request.ask"
    )  # fmt: skip
