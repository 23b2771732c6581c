"""What can't be taught: approvals, budgets, roles and effects are decided each time, by people. Pure."""

import re
from typing import Final

from memory.model.text import Sentence, sentence

_BEGIN: Final = r"(?:^|[.;:,!?] *|\b(?:and|then|just|please|always|never|to|must|should|may|can|might|will|auto[- ]?|automatically|you|bot|orchestra|bitte|immer|toujours|siempre) )"
"""Where an order to the bot begins, as against a sentence about what somebody does."""

_ASKING: Final = (
    r"(?:asking|approval|approvals|approving|permission|confirmation|confirming|checking|consent|"
    r"sign-?off|review by (?:a person|people|anybody)|a ✅|zu fragen|nachfrage|freigabe|genehmigung|"
    r"demander|approbation|accord|preguntar|aprobación|permiso)"
)
_NO_MATTER: Final = (
    r"(?:ignor\w*|exceed\w*|skip\w*|bypass\w*|disregard\w*|overrid\w*|remov\w*|disabl\w*|lift\w*|"
    r"rais\w*|increas\w*|doubl\w*|overrun\w*|overspend\w*|unlimited|forget|drop|waive\w*|suspend\w*|"
    r"turn off|switch off|don't (?:mind|check|respect|enforce|count|care about|worry about)|"
    r"überschreit\w*|umgeh\w*|dépass\w*|contourn\w*|exced\w*|supera\w*|omit\w*)"
)
_EFFECT: Final = (
    r"(?:publish|deploy|release|post|send|e-?mail|tweet|push|merge|delete|erase|overwrite|execute|pay|"
    r"buy|order|transfer|run (?:any |all |the |every )?(?:commands?|scripts?|code|programs?|plans?|anything|everything)|"
    r"veröffentlich\w*|lösch\w*|publier|publie\w*|supprim\w*|publica\w*|borra\w*)"
)
_LICENCE: Final = (
    r"(?:you (?:may|can|could|are (?:allowed|free|permitted) to|don't (?:have|need) to ask)|you have (?:permission|the right|my ok) to|you're (?:allowed|free) to|"
    r"feel free to|free to|go ahead and|it's (?:ok|okay|fine|alright) (?:to|if you)|no problem (?:to|if you)|"
    r"everyone (?:may|can)|everybody (?:may|can)|anyone (?:may|can)|anybody (?:may|can)|du darfst|tu peux|puedes)"
)
_ROLE: Final = r"(?:owner|approver|admin|administrator|superuser|root|moderator)"

_TOPICS: Final = (
    (
        sentence("approvals"),
        (
            rf"{_BEGIN}(?:approve|genehmig\w*|freigeben|approuve\w*|apru[eé]b\w*)\b",
            rf"\b(?:without|ohne|sans|sin) (?:any |further |an? |prior )*{_ASKING}",
            rf"\b(?:no|skip|bypass|ignore|disable|drop|waive|forget|omit|(?:don't|doesn't|do not|needn't|never|not) "
            rf"(?:need|require|wait for)|no need (?:for|to)) (?:\w+ ){{0,3}}?(?:{_ASKING}|ask|✅)",
            r"\b(?:don't|do not|never) ask\b.{0,30}\b(?:before|first|for (?:approval|permission|confirmation|an? ok|a ✅))",
            r"\b(?:is|are|as|count\w*|consider\w*|treat\w*|be) (?:as )?(?:always |already |automatically |pre-?)*approved\b",
            r"\b(?:auto|pre)-?approv\w*",
            rf"{_ASKING}s? (?:is|are)(?:n't| not| never| no longer) ",
            r"\b(?:consider|treat|count|mark)\b.{0,40}\bapproved$",
        ),
    ),
    (
        sentence("budgets"),
        (
            rf"\b{_NO_MATTER}\b.{{0,30}}?\b(?:budgets?|spending (?:cap|limit)s?|cost (?:cap|limit)s?|limits?|caps?|presupuesto)\b"
            r"(?! (?:column|sheet|file|table|row|line|field|figure|data))",
            r"\b(?:money|cost|price|budget|limit|cap)s? (?:doesn't|don't|does not|do not|never) (?:matter|count|apply|hold)",
            r"\b(?:spend|cost) (?:as much as|whatever|without (?:any )?limit|any amount|unlimited)",
            r"\bbudgets? (?:is|are|has|have) (?:unlimited|no limits?|infinite)",
        ),
    ),
    (
        sentence("roles"),
        (
            rf"\b(?:is|are|am|be|becomes?|make|made|treat|consider|as|has|have|gets?|give|counts?) (?:\S+ ){{0,3}}?"
            rf"(?:an? |the |our |your )?{_ROLE}s?(?: (?:rights?|role|access|here|now|too|of (?:this|the) (?:project|bot|channel)).*)?$",
            r"\b(?:may|can|is allowed to|are allowed to) (?:always |also )?approve\b",
            r"\b(?:approval|owner|admin) (?:rights?|role|access)\b",
        ),
    ),
    (
        sentence("effects such as publishing, deleting or running commands"),
        (
            rf"{_LICENCE} (?:\w+ ){{0,2}}?{_EFFECT}\b",
            rf"^(?:always|never|automatically|immer|toujours|siempre) (?:\w+ )?{_EFFECT}\b",
            rf"{_EFFECT}\b.{{0,60}}\b(?:automatically|right away|at once|without (?:asking|waiting))",
        ),
    ),
    (
        sentence("how I work"),
        (
            r"\b(?:ignore|disregard|forget|override|bypass|disable) (?:all |any |your |the |every |previous |prior |earlier |other )*"
            r"(?:instructions?|rules?|guidelines?|safety|checks?|guards?|restrictions?|policies|policy|safeguards?|kill switch|role model)\b",
            r"\byou are (?:now|no longer)\b|\b(?:developer|god|admin|root) mode\b|\bjailbreak|\bsystem prompt",
        ),
    ),
)  # fmt: skip
"""Topics, and the forms that words about them take when they would change what the bot may do."""


def apostrophes(text: str) -> str:
    """The words with the apostrophes that people leave out: "dont" is "don't"."""
    return _CONTRACTED.sub(r"\1n't", text.replace("’", "'"))


_CONTRACTED: Final = re.compile(
    r"\b(do|does|did|is|are|was|wo|ca|could|should|must|need|would)nt\b", re.IGNORECASE
)


def beyond_teaching(text: str) -> Sentence | None:
    """What of the bot's own ways the words would change, in a word or two; None for nothing.

    Facts about people's own work ("Kim approves invoices on Mondays") are none of it.
    """
    words = apostrophes(" ".join(text.casefold().split()))
    for topic, forms in _TOPICS:
        if any(re.search(form, words) for form in forms):
            return topic
    return None
