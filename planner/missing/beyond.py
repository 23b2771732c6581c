"""Work that nothing here can do without a service or a model: what is missing, in a sentence. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from memory.model.patterns import Short, short
from planner.coverage.mentions import QUOTE, URL
from planner.draft import Gap
from planner.jobs.wording import bare
from planner.port import PlanRequest
from planner.questions.offers import offer

ADDRESS: Final = r"(?<![^\s@])[^\s@]{1,80}@[^\s@]{1,80}\.\w+"
SERVICES: Final = (
    r"google (?:drive|docs?|sheets?|calendar)|drive|dropbox|onedrive|sharepoint|icloud|notion|trello|jira|asana|airtable|salesforce|"
    r"hubspot|mailchimp|linkedin|twitter|facebook|instagram|tiktok|youtube|whatsapp|telegram|teams|sap|datev|s3|ftp|the cloud|"
    r"(?:the|our|my) (?:crm|erp|website|homepage|server|database|printer|calendar)"
)


@dataclass(frozen=True)
class Beyond:
    """A kind of work that is out of reach: how it is said, what is missing, and what comes nearest.

    `nearest` "" stands for what the files allow. `delivers`: only where a result is to go is out of
    reach, not the result.
    """

    said: Short
    missing: str
    nearest: str = ""
    delivers: bool = False


def _kind(pattern: str, missing: str, nearest: str = "", *, delivers: bool = False) -> Beyond:
    return Beyond(short(pattern, re.IGNORECASE), missing, nearest, delivers)


_NAMED: Final = re.compile(rf"{URL.pattern}|(?:(?<![\w@./-])[\w.-]*/[\w./-]*)|{QUOTE.pattern}")
"""Addresses, paths and what stands in quotes say nothing of what is wanted."""
_MEANS: Final = re.compile(r"“([^“”]+)”")
_HERE: Final = "I can post it in this thread or save it as a file."
_REMIND: Final = "I can remind you of it here, for example “remind me tomorrow at 9 to …”."
KINDS: Final = (
    _kind(
        rf"^(?:e-?mail|mail)\b|\b(?:send|forward|share|write)\b.*(?:{ADDRESS}|\b(?:by|via|as an?|per) (?:e-?mail|mail))|\bby e-?mail\b|{ADDRESS}",
        "I can't send e-mail: no mail service is connected.", _HERE, delivers=True,
    ),
    _kind(
        r"^(?:text|sms|whatsapp|dm|message)\b (?!file)|\b(?:by|via|per|on) (?:sms|text message|whatsapp|telegram|signal|phone)\b",
        "I can't send messages outside this chat.", _HERE, delivers=True,
    ),
    _kind(
        r"^(?:send|forward|message|dm|pass|share|hand)\b.*(?:<@|(?<![\w.])@)\w",
        "I can't write to single people: results are posted in this thread.", "Mention them here, or set a reminder for them.",
        delivers=True,
    ),
    _kind(
        rf"\b(?:upload|sync|copy|push|send|save|export|put|move|back ?up|publish|post|add|write|import|download|get)\b.*\b(?:to|into|in|on|onto|from|with) (?:my |our |the )?(?:{SERVICES})\b",
        "I'm not connected to that service; an MCP server or a webhook could connect it.",
        "I can save the file in the project's folder.", delivers=True,
    ),
    _kind(r"^(?:print|print out|fax|scan)\b", "I can't reach a printer.",
          "I can make a PDF or an HTML page of it to print.", delivers=True),
    _kind(r"^(?:call|phone|ring|dial)(?: up)? (?!it\b)", "I can't make phone calls.", _REMIND),
    _kind(
        r"^(?:book|reserve|buy|purchase|pay|transfer|subscribe|rent|hire)\b|^order (?:me |us )?(?:an?|some|the|new|more|another|\d+|two|three|four|five|ten)\b",
        "I can't order, book or pay for anything.", _REMIND,
    ),
    _kind(
        r"\b(?:weather|temperature outside|(?:will it|is it (?:going to|gonna)|does it look like|do you think it will) (?:rain|snow|freeze|storm|be (?:sunny|warm|cold|hot|windy|dry|wet))|umbrella|forecast for (?:today|tonight|tomorrow|the weekend|\w+day)|(?:raining|snowing|sunny|windy) (?:today|tomorrow|now|outside|in|on|at)|news|headlines|stock price|share price|exchange rate|(?:(?:swiss|us|canadian|australian|british|japanese) )?(?:dollars?|euros?|pounds?|francs?|yen|usd|eur|gbp|chf) (?:to|in|into|vs|against) (?:us )?(?:dollars?|euros?|pounds?|francs?|yen|usd|eur|gbp|chf)|bitcoin|traffic jam)\b",
        "I have no live data such as weather, news or prices.",
        "I can fetch a page whose address you give me, for example “fetch https://…”.",
    ),
    _kind(
        r"^(?:zip|compress|unzip|archive|tar|unpack|encrypt|password[- ]protect|lock)\b|\b(?:into|in|as) (?:an?|one) (?:\w+ )?(?:zip|archive|tarball)\b|\bwith (?:an?|the) password\b",
        "I can't pack, unpack or lock files.",
        "I can copy them into a folder or save tables in other formats, such as Parquet, which is small.",
    ),
    _kind(
        r"^(?:google|bing|search (?:the )?(?:web|internet|online)|look (?:it |that |this )?up online)\b|\b(?:on|in) the (?:web|internet)\b|\bonline\b",
        "I can't search the web.",
        "I can fetch a page whose address you give me, for example “fetch https://…”.",
    ),
    _kind(
        r"\b(?:predict|forecast|extrapolate|projection|project (?:the|our)|estimate)\b.*\b(?:next|future|coming|upcoming|will|forecast|revenue|sales|\d{4})\b|^(?:predict|forecast)\b",
        "I can't forecast: that needs a model.", "",
    ),
    _kind(
        r"\b(?:powerpoint|pptx?|slides?|slide ?deck|keynote|google slides)\b",
        "I can't make slides.", "I can write a report with tables and charts, as Markdown, HTML or PDF.",
    ),
    _kind(r"\b(?:word (?:file|document|doc)|docx?)\b", "I can't write Word files.",
          "I can write Markdown, HTML or PDF.", delivers=True),
    _kind(
        r"^(?:draw|paint|design|sketch|generate|create|make) (?:me |us )?(?:an? )?(?:\w+ ){0,2}(?:logo|picture|image|photo|painting|illustration|poster|icon|video|song|animation|voice)\b",
        "I can't make pictures, sound or video; the only pictures I draw are charts.", "",
    ),
    _kind(
        r"\b(?:schedule|set up|arrange|plan|organi[sz]e) (?:an? |the )?(?:\w+ )?(?:meeting|call|appointment|interview)\b|\b(?:invite|invitation)\b.*\b(?:meeting|calendar)\b|\bcalendar\b",
        "I can't reach a calendar.", _REMIND,
    ),
    _kind(
        r"^(?:delete|remove|erase|drop) (?!\S+\.\w+$)\w|^(?:change|set|update|edit|correct|overwrite)\b.*\b(?:rows?|cells?|columns?|records?|values?) (?:of|in|to)\b",
        "I don't change the rows of a data file.",
        "I can save the rows you want as a new file, for example “export the rows where … to new.csv”.",
    ),
)  # fmt: skip
"""All kinds, the most particular first."""


def beyond(words: str) -> Beyond | None:
    """The kind of work that the words want and that nothing here can do."""
    line = _NAMED.sub(" … ", bare(words))
    return next((kind for kind in KINDS if kind.said.search(line)), None)


def unread(kind: Beyond, request: PlanRequest, gaps: Sequence[Gap]) -> bool:
    """Whether a word that makes it such work is one that the files don't know, and that is asked about."""
    match = kind.said.search(bare(request.text))
    said = match[0].casefold() if match else ""
    columns = [column.name for file in request.readable for column in file.columns]
    names = {word for name in columns for word in re.findall(r"[^\W_]+", name.casefold())}
    strange = bool(said) and not names.intersection(said.split())
    return any(
        asked[1].casefold() in said or (strange and said in asked[1].casefold())
        for gap in gaps
        if (asked := _MEANS.search(gap.question))
    )


def sentence(kind: Beyond, request: PlanRequest) -> str:
    """What is missing, and the nearest that can be done."""
    return f"{kind.missing} {kind.nearest or offer(request.readable, request.text)}"
