"""What people say around an order or a question without asking anything: greetings, pleas, reasons. Pure.

The phrases are put together from classes of words, as polite English puts them together; none is
about data or any other work.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from memory.model.patterns import short

Known = Callable[[str], bool]
"""Whether the words name something in the files."""


def _any(*ways: str) -> str:
    return f"(?:{'|'.join(ways)})"


_ADVERBS: Final = (
    r"(?:,? ?\b(?:please|pls|plz|kindly|possibly|maybe|perhaps|just|quickly|also|then|really|first|"
    r"actually|only|by any chance)\b,?)*"
)
_ME: Final = r"(?: (?:me|us))?"
_BIT: Final = (
    r"(?:a |the |some |any )?(?:\w+ )?(?:sec(?:ond)?s?|min(?:ute)?s?|mo(?:ment)?|chance|time|bit)"
)
_QUESTION: Final = r"(?=who\b|whose|what|which|when|where|why|how\b|if\b|whether|are there|is there|do |does |did )"
_SMALL: Final = r"(?:quick|small|silly|stupid|dumb|random|simple|easy|one|another|next|last|first|second|third|final|more|other)"

_GREETING: Final = _any(
    r"(?:hi|hello|hey|hiya|heya|howdy|yo|dear|greetings)(?: (?:there|all|everyone|everybody|team|folks|guys|both|bot|orchestra|again|mate))*"
    r"(?: [A-Z]\w+(?=\s*[,!.:\n–—-]))?",
    r"good (?:morning|afternoon|evening|day)(?: (?:all|everyone|team|folks|there|bot|orchestra))*",
    r"(?:morning|afternoon|evening)(?: (?:all|everyone|team|folks))?(?=\s*[,!.]|$)",
    r"to whom it may concern|@?orchestra|bot(?=[\s,:])",
)
_FILLER: Final = _any(
    r"ok(?:ay)?|right so|so|now then|and|hm+|um+|uh+|er+|oh|ah|btw|by the way|fyi|anyway|finally|lastly|plus|also|then",
    r"(?:right|well|now|look|listen|alright|sorry|yes|yeah|no|thanks|cheers|thank you|actually|basically|please note)(?=\s*[,.!:–—-]|$)",
    rf"now {_QUESTION}",
    r"(?:ok(?:ay)? |right )?(?:sorry|apologies)(?: again)?(?: (?:to|for) (?:bother\w*|troubl\w*|disturb\w*|ask\w*)(?: (?:you|u|this))?(?: again)?)?",
)
_SOFT: Final = _any(
    rf"(?:i(?:'ve| have)(?: got)? |i've |here's |this is |it's )?(?:just )?(?:a |an )?{_SMALL}(?: {_SMALL})?(?: (?:question|one|thing|ask|query|favou?r|request)s?)(?: (?:for|from) (?:you|me))?(?: please| pls)?(?=\s*(?:[:,.?!–—-]|$|{_QUESTION}))",
    r"(?:first|second|third|next|last|other) question",
    r"(?:just )?(?:out of (?:curiosity|interest)|curious|asking)(?=\s*[,:–—.-])",
    r"(?:i'?m |we're )?(?:just )?(?:curious|wondering)(?: about)?",
    rf"(?:just )?(?:curious|wondering)(?: about)? {_QUESTION}",
    r"(?:this is |it's |its |that's )?(?:not|nothing|no|isn't|not really|not very) (?:that )?(?:urgent|rush|hurry|important)(?: at all)?,?(?: but)?",
    rf"(?:when(?:ever)?|if|once|as soon as) (?:you|u)(?:'ve| have)? (?:get|have|got|find|spare|can spare) {_BIT}(?: (?:free|spare|today|later))?",
    r"(?:if|when(?:ever)?) (?:you|u) (?:can|could|don't mind|wouldn't mind|know|like)(?=\s*[,:])",
    rf"(?:do you have |have you |you )?got {_BIT}(?: for me)?",
    r"(?:two|three|four|a few|a couple of|several|some|2|3|4) (?:\w+ )?(?:things|questions|bits|numbers)(?: (?:please|pls|for you|for me))?(?=\s*[:,.–—-])",
    r"(?:i |we )?hop(?:e|ing) (?:you|all|everything|everyone|this|that)\b[^.!?,]*",
    r"(?:are )?you there",
    r"(?:check|look|help|look it up|see|do it|do that|find out|tell me|let me know|answer)(?: (?:for me|it|that|this))?\s*$",
    r"(?:can you |could you |please )?help(?: me| us)?(?: out)?(?: here)?(?: with (?:this|something|one thing))?(?=\s*[:,.?!–—-])",
    r"(?:i|we) (?:need|could use|want)(?: (?:a|some|your))? (?:\w+ )?(?:help|hand|number|numbers|figure|figures|answer|info)(?: (?:for|with|on) (?:this|something|that|my \w+|the \w+|a \w+))?(?=\s*[:,.–—-])",
)
_FRAME: Final = _any(
    rf"(?:can|could|would|will|may|might) (?:you|u|ya|someone|somebody|anybody|anyone){_ADVERBS}(?: (?:be able to|be so kind (?:as )?to|manage to|mind))?{_ADVERBS}",
    rf"(?:can|could|may) (?:i|we){_ADVERBS} (?:get|have|see|know|ask)(?: you)?(?: for)?",
    rf"(?:i|we)(?:'d|d| would){_ADVERBS} (?:like|love|want|need|prefer)(?: you)?(?: to)?",
    rf"(?:i|we){_ADVERBS} (?:want|need|have|wanna|gotta|wish|hope)(?: you)? to",
    rf"(?:i|we) (?:only |just )?(?:want|need) {_QUESTION}",
    r"(?:i|we)(?: just| only| also| really)?(?:'d like| would like| need| want| require)(?= (?:the|an? (?:list|table|chart|breakdown|count|total|sum|average|overview)|all|only|every|each|some|just|both|total|average|\d|\w+ by|\w+ per)\b)",
    r"(?:i|we)(?:'m|'re| am| are)(?: just| only)? (?:looking (?:for|at)|after|interested in|talking about|asking about)",
    r"(?:i|we)(?:'d| would) be (?:very |really |most )?(?:interested|keen|curious|happy|glad|pleased) to",
    rf"(?:i|we)(?:'m|'re| am| are| was| were)? ?{_ADVERBS} ?(?:trying|hoping|looking|keen|dying|interested|asked|curious) to",
    rf"(?:i|we)(?:'m|'re| am| are| was| were)? ?{_ADVERBS} ?(?:wonder(?:ing)?|curious|interested|unsure|not sure|asking myself)(?: (?:in|about))? {_QUESTION}",
    rf"(?:(?:my|our|the) (?:\w+ ){{1,2}}|(?:somebody|someone|they|he|she|everyone|people) )(?:keeps? |just |also )?(?:wants?|needs?|would like|'d like|asked|asks?|is asking|are asking|asking|wonders?)(?: (?:me|us))?(?: (?:to (?:know|find out|see|hear)|for|about))? {_QUESTION}",
    r"(?:is there )?any (?:chance|way|possibility)(?: (?:that )?(?:you|u|we|i|of)(?: (?:can|could|might))?)?",
    rf"(?:(?:have you |do you have |got )?any idea|no idea|dunno)(?: of)? {_QUESTION}",
    r"(?:would|is|might) it (?:be )?(?:possible|ok|okay|feasible|all right) (?:to|for you to|if you)",
    r"(?:it|that)(?: would|'d) (?:be|help) ?(?:\w+ )?(?:great|good|nice|helpful|lovely|useful|handy|fab|brilliant|awesome)?(?: (?:if|to)(?: (?:you|u|i|we) (?:can|could))?)",
    r"(?:i|we)(?:'d| would) (?:be (?:very |really |so )?(?:grateful|thankful|happy|glad|pleased)|appreciate it)(?: (?:if|to) (?:you|u) (?:can|could|would))?(?: to)?",
    rf"(?:do|did|does|would) (?:you|u|we|anyone|anybody|someone) (?:happen to )?(?:know|remember|have any idea)(?: (?:of|about))? {_QUESTION}",
    r"(?:i|we)(?:'ve| have| was| were)(?: just)?(?: been)? (?:asked|told|supposed) to",
    r"please|pls|plz|kindly|let's|lets|go ahead and|do me a favou?r and|would you",
)
"""What is said before an order or a question."""
_TELLING: Final = _any(
    rf"(?:tell(?:ing)?|let(?:ting)?|show(?:ing)?|giv(?:e|ing)|remind(?:ing)?|inform|advise){_ME}(?: know)?(?: again)?{_ADVERBS}(?: about)? {_QUESTION}",
    rf"(?:(?:have|take) a (?:quick |little )?look|double[ -]?check|check|look|see|find|find out|figure out|work out|look up|look into|know|learn|understand|hear|confirm|determine|say|get|establish|verify|dig out|clarify|ask)(?: (?:for|in|at|and tell|and see|and check|again|quickly))?{_ME}(?: (?:for )?(?:me|us))?{_ADVERBS} {_QUESTION}",
    r"(?:have|take) a (?:quick |little )?look(?: (?:at (?:this|it|the (?:file|data|files|list)))|in (?:there|the (?:file|files|data)))?,?(?: and| to)?",
    r"(?:if|whether)(?= (?:we|there|anyone|anybody|somebody|any|all|i|you|they)\b)",
    r"(?:know|see|find out|learn|hear|understand)(?= (?:the|all|a|an|our|my|every|each)\b)",
)
"""Verbs that only ask for the answer: behind a frame, or first."""

_THANKS: Final = _any(
    r"(?:many |big |huge )?(?:thanks?|thank you|thank u|thx|tia|cheers|merci)(?: (?:you|so|very|ever|much|a lot|a bunch|again|heaps|loads|a million|in advance|mate|guys|all|both|everyone|for (?:your|the|any|all your|that|this|those|looking)(?: (?:last|other|previous|quick|great|nice|one|ones|help|time|effort|answer|figures|numbers|into|this|that))*))*",
    r"(?:please|pls|plz|kindly|for me|much appreciated|appreciate it|let me know|right away|straight away|asap|lol)",
    rf"(?:if|whenever|when|once|as soon as)(?: (?:that's|it's|that is|it is|at all))? ?(?:possible|not too much (?:trouble|bother|work|hassle)|you (?:can|could|don't mind|wouldn't mind|like|(?:get|have|find) {_BIT}))",
    r"(?:this is |it's |there's )?(?:no|not in a|isn't any) (?:rush|hurry|worries)(?: at all)?",
)
_APART: Final = _any(
    r"ta|ty|best|bye(?: for now)?|yours|x+|:-?\)|;\)|ha(?:ha)+|danke|urgent(?:ly)?|not urgent|quickly|for us|you know|any (?:idea|ideas|clue|thoughts)|(?:do )?(?:you|u) know",
    r"(?:best|kind|warm|many)?,? ?(?:regards|wishes)|all the best|have a (?:nice|good|great|lovely) \w+|see you|talk soon",
    r"you're (?:a star|the best)|(?:good|great) (?:job|work)|well done",
    r"\(?(?:just )?(?:asking for a friend|out of (?:curiosity|interest)|wondering|curious)\)?",
    r"(?:if|when)(?: (?:that's|it's|that is|it is))? (?:ok(?:ay)?|alright|all right|easy|you know)",
    r"(?:that|it)(?: would|'d) (?:be|help) ?(?:really |very |so )?(?:great|good|nice|helpful|lovely|useful|handy|appreciated|me(?: out)?(?: a lot)?|a lot)?",
    r"(?:can|could|would) (?:you|u|someone|anyone)(?: please)?(?: (?:check|look|help|tell me|do (?:that|this|it)|find out|have a look|look (?:that|this|it) up|let me know|see|work (?:that|it) out))?(?: for (?:me|us))?(?: please)?",
)
"""What ends a message: anywhere, and only behind a comma or the like."""
_BACK: Final = short(
    rf"(?:(?:^|(?<![\s,;:.!?–—-])[\s,;:.!?–—-]++){_THANKS}"
    rf"|(?:^|(?<![\s,;:.!?(–—-])(?=\s*[,;:.!?(–—\n-])[\s,;:.!?(–—-]++){_APART})"
    r"[\s,.;:!)–—-]*+(?P<end>\?*)\s*$",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    rf"(?:(?i:{_THANKS}|\bbest|regards|wishes|yours|cheers|\bta)[\s,.!–—-]+|\n\s*|\s[–—-]+\s*)(?P<name>[A-Z][\w.'-]*(?: [A-Z][\w.'-]*)?(?: \([^()]*\))?)[\s.!]*$"
)
_REASON: Final = short(
    r"(?<![\s,(–—-])[\s,(–—-]++(?P<why>(?:(?:because|cause|cos|cuz|coz)\b|so (?:that )?(?:i|we|they|he|she)\b|in order to|as (?:i|we|the|my|our)\b|since (?:i|we|the|my|our)\b|"
    r"(?:i |we |they |he |she )?(?:need|want|needs|wants)(?:ed)? (?:it|this|that|them) (?:for|to|by|because|asap)\b|need it\b|"
    r"(?:it's|its|it is|this is|that's|this one's|they're) (?:for|because|needed|going)\b|"
    r"(?:the|my|our) \w+(?: \w+)? (?:wants|needs|asked|is asking|asks|keeps asking)\b)[^?]*?)[\s).!]*$",
    re.IGNORECASE,
)
_PURPOSE: Final = re.compile(
    r"(?:i |we )?needs?(?:ed)? (?:it|this|that|them) (?:for|to|by)|(?:it's|its|this is|that's) for\b",
    re.IGNORECASE,
)
"""What says what an answer is for narrows nothing, whatever it names."""
_FOR: Final = short(
    r"(?<![\s,–—-])[\s,–—-]++(?P<why>for (?:the|my|our|a|an|this|that|next|tomorrow's|today's|(?:mon|tues|wednes|thurs|fri)day's) (?:\w+ ){0,2}"
    r"(?:report|meeting|newsletter|boss|manager|presentation|auditor|audit|board|committee|accountant|agm|slides?|paperwork|tax return|records|minutes|website|flyer))[\s.!]*$",
    re.IGNORECASE,
)
_FRONT: Final = short(
    rf"(?<!\s)\s*+(?:{_GREETING}|{_FILLER}|{_SOFT}|{_FRAME})(?:(?![\w'])|(?<= ))[\s,:;!.?–—-]*",
    re.IGNORECASE,
)
_VERB: Final = re.compile(rf"(?:{_TELLING})[\s,:–—-]*", re.IGNORECASE)


class Peeled(NamedTuple):
    """Words without what is only polite around them, and the reasons that were given."""

    words: str
    reasons: tuple[str, ...] = ()


def peeled(words: str, known: Known) -> Peeled:
    """The words of an order or question alone; "" where they were nothing but polite.

    A reason stays where it names something in the files: it may say which rows are meant.
    """
    plain, before, reasons = words.replace("’", "'").strip(), "", list[str]()
    while plain != before:
        before = plain
        plain = _from_front(_to_back(plain))
        for pattern in (_REASON, _FOR):
            match = pattern.search(plain)
            purpose = match is not None and bool(_PURPOSE.match(match["why"]))
            if (
                match
                and (purpose or not known(match["why"]))
                and re.search(r"\w", plain[: match.start()])
            ):
                reasons.append(match["why"])
                plain = plain[: match.start()]
    return Peeled(plain if re.search(r"\w", plain) else "", tuple(reasons))


def _from_front(words: str) -> str:
    for pattern in (_FRONT, _VERB):
        match = pattern.match(words)
        if match and match.end():
            words = words[match.end() :]
    return words


def _to_back(words: str) -> str:
    signed = _SIGNED.search(words)
    if signed:
        words = words[: signed.start("name")].rstrip(" –—-\n")
    match = _BACK.search(words)
    return words[: match.start()] + match["end"] if match else words
