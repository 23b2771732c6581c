"""What is not work to plan: nothing said, too much said, small talk. Pure."""

import re

from memory.model.limits import REQUEST_CHARS, SENTENCES
from memory.model.text import text
from planner.names import listed
from planner.port import PlanRequest

EXAMPLE = (
    "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md"
)
_MENTION = re.compile(r"<@[^<>]*>|@orchestra\b", re.IGNORECASE)
_GREETING = re.compile(
    r"(hi|hello|hey|yo|hola|hallo|bonjour|good (morning|afternoon|evening|day)|moin)"
    r"( (there|all|team|everyone|bot|orchestra))?"
)
_THANKS = re.compile(r"(many )?(thanks|thank you|thx|ty|cheers|great|nice|cool|ok(ay)?|well done)"
                     r"( (a lot|so much|again|very much|job|work|you|bot|orchestra))*")  # fmt: skip
_HOW = re.compile(r"(how are you( doing)?|how's it going|what's up|sup|are you there)( today)?")
_WHAT = re.compile(r"(what can you do|who are you|what are you|help|how do(es)? (you|this) work)")
_SMALL_TALK = (
    (_GREETING, text("Hello! Say what you want done, for example “{example}”.", example=EXAMPLE)),
    (_THANKS, text("You're welcome. Say what you want done next.")),
    (_HOW, text("All is well here. Say what you want done.")),
    (
        _WHAT,
        text(
            "I plan work and run it once you approve. Try “{example}”, or say `help`.",
            example=EXAMPLE,
        ),
    ),
)


def not_work(request: PlanRequest) -> str:
    """Why there is nothing to plan, in one sentence that says what to do; "" where there is."""
    if len(request.text) > REQUEST_CHARS:
        return SENTENCES["request_chars"]
    words = _MENTION.sub(" ", request.text).strip()
    if re.search(r"\w", words):
        return "" if request.base else small_talk(words)
    if request.readable and not request.base:
        names = listed([file.path for file in request.readable[:3]], word="and")
        return text(
            "I have {files}; say what to do with it, for example “{example}”.",
            files=names,
            example=EXAMPLE,
        )
    return text("Say what you want done, for example “{example}”.", example=EXAMPLE)


def small_talk(words: str) -> str:
    """The answer to words that ask for nothing to be done; "" for any others."""
    plain = _plain(words)
    return next((answer for kind, answer in _SMALL_TALK if kind.fullmatch(plain)), "")


def is_greeting(words: str) -> bool:
    """Whether they greet and say nothing else."""
    return _GREETING.fullmatch(_plain(words)) is not None


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w' ]+", " ", words.casefold()).split())
