"""Rows of the table of actions: what people ask the bot about itself and its work."""

from typing import Final

from bot.language.routing.row import Row
from bot.language.routing.row import takes as _takes
from bot.language.routing.row import words as _words
from memory.model.text import sentence

_OF_PROJECT: Final = "/v1/projects/{project}"

ABOUT: Final[tuple[Row, ...]] = tuple(
    Row(
        name, "about", help_text, phrases=_words(phrases), api=f"GET {_OF_PROJECT}/about/{name[6:]}",
        kind="about", takes=_takes("agent person period dates topic number name"),
    )
    for name, help_text, phrases in (
        ("about.help", sentence("what I can do here"),
         "what can you do, what can you do here, who are you"),
        ("about.cost", sentence("what work cost: by agent, person, day or kind of task"),
         "what did it cost yesterday, what did it cost, what did that cost, who spent most"),
        ("about.forecast", sentence("what the month will cost, and whether budgets last"),
         "forecast, will the budget last, what will this month cost"),
        ("about.runs", sentence("what runs in this project"),
         "what are you working on, what are you doing"),
        ("about.waiting", sentence("what waits for whom"),
         "what is waiting, what's waiting, what is waiting for me, who has to approve"),
        ("about.history", sentence("what was done"),
         "what did we do today, what did we do this week, what did you do today"),
        ("about.why", sentence("why this agent, why this plan, why it failed"),
         "why, why this agent, why this plan, why did it fail"),
        ("about.best", sentence("who is best at what"),
         "who is best, who is best at code, who is best at drafts"),
        ("about.agent", sentence("one agent's record"), "how good is claude"),
        ("about.knowledge", sentence("what I know, and from where"),
         "what do you know, what do you know about this project, how do you know that"),
        ("about.rules", sentence("what you taught me: facts, preferences, rules"),
         "rules, show rules, preferences, show preferences, my preferences"),
        ("about.settings", sentence("what may happen here, and why"),
         "settings, show settings, what may you do here"),
        ("about.project", sentence("which project this is"), "project, which project is this"),
        ("about.self", sentence("what I am, who made me, which model reads and plans"),
         "what are you, are you an ai, who made you, which model do you use, is this free"),
        ("about.privacy", sentence("where what you tell me goes, and what I can see"),
         "is my data sent anywhere, where does my data go, can you see my files"),
        ("about.clock", sentence("what day and time it is"),
         "what day is it, what time is it, what's the time, what's the date"),
    )
)  # fmt: skip
