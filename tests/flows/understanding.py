"""What people say that is no exact phrase: dialogues for each kind of thing they can mean."""

from tests.flows.play import Dialogue, Reacts, Said, bot

ASK_REPORT = Said("ana", "write the report")
PLAN = 'Plan "write the report"'

UNDERSTOOD = (
    Dialogue(
        "small talk is answered briefly and plans nothing",
        (
            Said("ana", "good morning!"),
            bot("Hello", absent=["Plan", "cannot", "understand"]),
            # In a channel's thread thanks may be for a colleague: they are left alone there.
            Said("ana", "thanks a lot, that was great"),
            bot(absent=["Plan", "Did you mean", "understand"]),
            ASK_REPORT,
            Said("ana", "thank you so much"),
            bot(absent=["Approved", "Did you mean", "understand"]),
            Said("ana", "@kim what do you think?"),
            bot(absent=["Plan", "Did you mean", "I don't know"]),
        ),
    ),
    Dialogue(
        "what is cancelled while questions are open is the request they are about",
        (
            Said("ana", "write a blog post"),
            Said("ana", "pls cancel that"),
            bot("Dropped", absent=["Nothing is running"]),
            Said("ana", "write a blog post"),
            Said("ana", "no, don't"),
            bot("Dropped"),
            ASK_REPORT,
            Said("ana", "cancel that"),
            bot("Dropped by ana", absent=["Nothing is running"]),
            Said("ana", "by regulars I mean guests with more than 3 visits"),
            bot("I'll remember this", absent=["Plan"]),
        ),
    ),
    Dialogue(
        "what can't be done is said, with what can",
        (
            Said("ana", "switch to project marketing"),
            bot("There's no project marketing that you're in", absent=["Plan"]),
            Said("ana", "set priority of run 3 to high"),
            bot("can't put one run before another", absent=["Plan"]),
        ),
    ),
    Dialogue(
        "what is about the bot becomes no task",
        (
            Said("ana", "could you please show me the budgets we have"),
            bot("No budget is set", absent=["Plan"]),
            Said("ana", "budget files $20 a day"),
            bot('Budget "Files" is now $20 a day, for this agent alone'),
            Said("ana", "limit grok to $5 a week"),
            bot("isn't connected here", "Connected: ", absent=["Plan"]),
            Said("ana", "budget ana $5 a day"),
            bot('Budget "ana" is now $5 a day, for what this person starts'),
            Said("ana", "this run at most $2"),
            bot("Nothing is running in this thread, so there's no run to limit"),
            Said("ana", "$50 this month for the project"),
            bot('Budget "project" is now $50 a month, for everything in this project'),
            Said("ana", "budget $4 a day, only warn"),
            bot("$50 a month still holds as well; the tightest one counts. It only warns"),
            Said("ana", "why Gemini?"),
            bot(absent=["Plan"]),
            Said("ana", "never use Claude for code"),
            bot(absent=["Plan"]),
            Said("ana", "cancel 5"),
            bot("Nothing is running", absent=["Plan"]),
        ),
        owners=("ana",),
    ),
    Dialogue(
        "a run is named by its words or chosen by its button",
        (
            Said("ana", "write it slow"),
            Said("ana", "run"),
            Said("ana", "cancel run 7"),
            bot("Runs have no numbers", "write it slow"),
            Said("ana", "please pause the slow run"),
            bot("Paused: by ana"),
        ),
    ),
    Dialogue(
        "likeness never approves a plan",
        (
            ASK_REPORT,
            Said("ana", "fire away my friend, make it happen"),
            bot(absent=["Approved"]),
            Said("ana", "starte den plan"),
            bot("To run it, say", absent=["Approved"]),
            Said("ana", "run"),
            bot("Approved by ana"),
        ),
    ),
    Dialogue(
        "a whole request while a plan waits is planned by itself, and run starts that",
        (
            ASK_REPORT,
            Said("ana", "load sales.csv and make a bar chart of the revenue by region"),
            bot('Plan "load sales.csv', "Replaced by plan", absent=["Changed from"]),
            Said("ana", "run"),
            bot("Approved by ana"),
        ),
    ),
    Dialogue(
        "a whole request while questions are open is planned by itself",
        (
            Said("ana", "write a blog post"),
            bot("Who reads it?"),
            Said("ana", "translate the contract.pdf into German and send it to kim@example.com"),
            bot('Plan "translate the contract.pdf'),
        ),
    ),
    Dialogue(
        "what is asked about the bot while questions are open leaves them open",
        (
            Said("ana", "write a blog post"),
            Said("ana", "how much budget is left?"),
            bot("No budget is set", absent=["Plan"]),
            Said("ana", "managers, draft"),
            bot("reader: managers"),
        ),
    ),
    Dialogue(
        "after a request without a plan, run doesn't start an older one",
        (
            ASK_REPORT,
            Said("ana", "translate the nonsense in notes.md into French and mail it"),
            bot("name a file"),
            Said("ana", "run"),
            bot("There's no plan for your last request", absent=["Approved"]),
            Reacts("ana", "✅"),
            bot("Approved by ana"),
        ),
    ),
)
