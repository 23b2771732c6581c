"""Words that teach the bot something, or have it forget: read by how they begin. Pure."""

import re
from typing import Final

from bot.language.intents import AskAbout, Forget, Propose, Teach
from planner.lexicon.words import word_set
from planner.understanding.lasting import is_kept, plainly

MOST_CHARS: Final = 500

_LIST: Final = re.compile(
    r"^(?:(?:what|which)(?: things| preferences)? do you (?:remember|have)(?: (?:about|of) (?:me|us|this project))?"
    r"|(?:show |list )?(?:my |our |the )?(?:preferences|rules)|what do (?:i|we) (?:always )?prefer)[?.!]?$",
    re.IGNORECASE,
)
_FORGET: Final = re.compile(
    r"^(?:please,? )?(?:(?:forget|delete|remove|drop|undo) (?:the )?rule #?(?P<number>\d{1,6})|forget (?:"
    r"(?P<that>that|this|that one|the last (?:one|preference|rule)|what i (?:just )?said)"
    r"|(?P<all>everything(?: (?:about me|you (?:know|remember)(?: about me)?))?|all(?: of)? my (?:preferences|answers)|me)"
    r"|(?:that (?:i|we) (?:always )?(?:prefer|use|want|like)s? |(?:my|our|the) (?:preferences?|choices?|answers?|rules?|facts?) "
    r"(?:for|of|about|to|on|that) (?:the )?|what i (?:said|told you) about |that |(?:my|our) |always )(?P<what>\S.*?)"
    r"))[.!]?$",
    re.IGNORECASE,
)
_PROPOSED: Final = re.compile(
    r"^(?:please,? )?(?:(?P<yes>accept|confirm|adopt|activate)|decline|reject|dismiss)"
    r"(?: (?:the|this|that)(?: proposed| suggested)?)? rule(?: #?(?P<number>\d{1,6}))?[.!]?$",
    re.IGNORECASE,
)
_FACT: Final = re.compile(
    r"^(?:please,? )?(?:remember|note|keep in mind|bear in mind|don't forget|fyi)(?! to\b)(?: that\b)?[,:]? \S",
    re.IGNORECASE,
)
_RULE: Final = re.compile(
    r"^(?:please,? )?(?:from now on|in (?:the )?future|for the future|always|never|don't ever|do not ever|"
    r"(?:we|you)(?: should| must)? (?:always|never))\b[,:]? \S",
    re.IGNORECASE,
)
_PREFERENCE: Final = re.compile(
    r"^(?:please,? )?(?:(?:here |in this project )?(?:i|we) (?:always |generally )?(?:prefer|like to always|always)|"
    r"i (?:always|never)|prefer(?= \S+ for\b)|(?:set )?(?:my|our|the|the project's|this project's) time ?zone\b)[ ,:=]+\S",
    re.IGNORECASE,
)
_INNER: Final = re.compile(r"^.*?\b(?:that\b|[,:]) ?|^(?:please,? )?remember ", re.IGNORECASE)


_ARTICLE: Final = re.compile(
    r"^(?:the|my|our|die|der|das|den|les?|la|el|los|las|mes|mis) ", re.IGNORECASE
)
_SOFTLY: Final = r"(?:,? (?:please|bitte|s'il te plaît|svp|por favor))?"
_TOLD: Final = re.compile(
    rf"^(?:remember|keep in mind|bear in mind|don't forget|note|merke? dir|denke? (?:daran|dran)|vergiss nicht|"
    rf"rappelle[- ]toi|souviens[- ]toi|retiens|n'oublie pas|note bien|recuerda|ten en cuenta|no olvides){_SOFTLY}"
    r"(?:[,:]? (?:that|dass|que)\b|[,:]? qu'|[:,](?= )| (?=(?:my|our|i|we|mein|meine|unser|unsere|wir|ich|mon|ma|nos|notre|mi|"
    r"nuestr[oa])\b)) ?\S|^(?:fyi|for the record|learn that|note that)\b[,:]? \S",
    re.IGNORECASE,
)
_LASTING: Final = re.compile(
    r"^(?:from now on|going forward|for (?:all |every |the )?future|ab (?:jetzt|sofort)|von nun an|künftig|in zukunft|zukünftig|"
    r"désormais|dorénavant|à partir de maintenant|à l'avenir|de ahora en adelante|a partir de ahora)\b(?!,? (?:every|each|jeden|"
    r"chaque|cada)\b)[,:]? \S|^(?!wh|how|is |are |do |does |did |can |will )\S+ [^.;:]*\b(?:from now on|in future|künftig|in zukunft|"
    r"désormais|à l'avenir|de ahora en adelante|a partir de ahora)[.!]?$"
    r"|^(?:always|never|don't ever|do not ever) (?P<verb>[a-z]+)\b[^.;:]*[.!]?$"
    r"|^(?!(?:do|run|start) )[^\W\d_]+ (?:immer|nie|niemals|stets) \S|^(?:n'|ne )[^\W\d_]+ jamais \S|^utilise toujours \S"
    r"|^(?:nunca|siempre|jamás) (?!(?:hay|es|ha)\b)[^\W\d_]+ \S|^usa siempre \S",
    re.IGNORECASE,
)
_TERM: Final = r"(?!(?:it|that|this|so|anything|nothing|something|what)\b)\S[^?.;:]{0,38}?"
_DEFINED: Final = re.compile(
    rf"^(?:when(?:ever)? (?:i|we|people) (?:say|write|talk about|ask (?:for|about)) {_TERM},? (?:i|we|they|it|that) (?:always )?means?\b"
    rf"|by {_TERM},? (?:i|we) mean\b|(?:for us|with us|here|in this project),? {_TERM} (?:means?|stands? for)\b"
    r"|(?P<quote>[\"“'])[^\"”']{1,38}[\"”'] (?:means?|stands? for|is short for|is the same as)\b"
    rf"|(?!wh|how\b|does\b|do\b){_TERM} (?:stands for|is short for|is (?:calculated|defined|computed) as)\b"
    rf"|wenn (?:ich|wir) (?:von )?{_TERM} (?:sagen?|sprechen?|schreiben?),? (?:dann )?meinen? (?:ich|wir)\b|mit {_TERM} meinen? (?:ich|wir)\b"
    rf"|(?:par|quand je dis|quand on dit) {_TERM},? (?:j'entends|je veux dire|on entend|on veut dire)\b|(?:con|cuando digo) {_TERM},? (?:quiero decir|me refiero a)\b"
    r") \S",
    re.IGNORECASE,
)
"""What a word means to the people here."""
_DONE_TO: Final = word_set(
    "answer reply respond round work touch change publish include leave start end begin talk speak address format "
    "quote cite sign mention add avoid let have prefer assume treat count ignore name ship close bill capitalise "
    "spell translate write use ask put make keep send save call check show round draw chart report sort delete spend"
)
_CALLED: Final = re.compile(
    r"^(?:call (?:me|us)|nenn(?:e)? mich|appelle[- ]moi|llámame) (?!(?:at|an?|when|if|back|later|tomorrow|on|in|um|à|a)\b)"
    r"\S+(?: \S+)?[.!]?$",
    re.IGNORECASE,
)
_ON_PLAN: Final = re.compile(r"^\S+ (?:do|run|start) (?:it|this|that)[.!]?$", re.IGNORECASE)
_RULE_WORD: Final = r"(?:rule|regel|règle|regla)"
_UNTAUGHT: Final = re.compile(
    rf"^(?:please,? |bitte )?(?:"
    rf"(?:forget|vergiss|lösche?|oublie|supprime|olvida|borra) (?:the |die |la )?{_RULE_WORD} (?:nummer |numéro |número |number )?"
    rf"#?(?P<number>\d{{1,6}})"
    rf"|(?P<that>(?:vergiss|oublie|olvida) (?:das|dies|ça|cela|eso|esto|(?:diese|cette|esa|esta) {_RULE_WORD})"
    rf"|(?:we |you |i )?(?:don't|do not|no longer) (?:use|need|want|follow) (?:that|this) rule(?: any ?more| any longer)?"
    rf"|n'utilise plus cette règle|ya no uses esa regla|benutze diese regel nicht mehr)"
    r"|(?:vergiss,?|oublie|olvida) (?:was ich (?:dir )?(?:über|zu)|ce que j'ai dit sur|ce que je t'ai dit sur|lo que (?:te )?dije sobre|"
    r"lo de|mein\w*|meine \w+ für|mes?|mon|mis?) (?P<what>\S.*?)(?: gesagt habe| erzählt habe)?"
    r"|(?:stop|quit) (?:preferring|remembering|always \w+ing|favou?ring|insisting on|assuming)(?: that)? (?P<stopped>\S.*?)"
    r"|(?:there's )?no need to (?:remember|use|prefer|keep) (?P<needless>\S.*?)(?: any ?more| any longer)?"
    r"|(?:you |we )?(?:don't|do not|needn't)(?: have to| need to)?(?: always| only)? \w+(?: in)? (?P<anymore>\S.*?),? any ?(?:more|longer)"
    r"|(?:you|we) no longer (?:have to |need to )?\w+(?: in)? (?P<longer>\S.*?)"
    r"|(?:bevorzuge|benutze|nutze|nimm|verwende) (?P<mehr>\S.*?) nicht mehr(?: \S+)?"
    r"|(?:n'|ne )(?:utilise|préfère|emploie) plus (?P<plus>\S.*?)|ya no (?:uses|prefieras|utilices) (?P<ya>\S.*?)"
    r")[.!]?$",
    re.IGNORECASE,
)


def remembering(text: str) -> Teach | Forget | Propose | AskAbout | None:
    """What is meant where the words are about memory, else None."""
    if len(text) > MOST_CHARS:
        return None
    said = plainly(text)
    if _LIST.match(said):
        return AskAbout(topic="about.rules", text=said)
    return forgetting(said) or _proposed(said) or teaching(said)


def forgetting(said: str) -> Forget | None:
    """What is to be forgotten, where the words begin like that."""
    if is_kept(said):
        return None
    found = _FORGET.match(said)
    if found is None:
        return _untaught(said)
    return Forget(
        what=(found["what"] or "").strip(" \"'“”"),
        everything=bool(found["all"]),
        number=int(found["number"] or 0),
    )


def _untaught(said: str) -> Forget | None:
    """The same in other words and languages, and what is no longer to be done."""
    found = _UNTAUGHT.match(said)
    if found is None:
        return None
    named = found.groupdict()
    what = next(
        (words for key, words in named.items() if words and key not in {"number", "that"}), ""
    )
    return Forget(what=_ARTICLE.sub("", what).strip(" \"'“”"), number=int(named["number"] or 0))


def _proposed(said: str) -> Propose | None:
    found = _PROPOSED.match(said)
    if found is None:
        return None
    return Propose(accepts=bool(found["yes"]), number=int(found["number"] or 0))


def teaching(said: str) -> Teach | None:
    """What is taught, where the words begin like that."""
    if _RULE.match(said):
        return Teach(kind="rule", text=said)
    if _PREFERENCE.match(said):
        return Teach(kind="preference", text=said)
    if not _FACT.match(said):
        return None
    told = _INNER.sub("", said, count=1)
    inner = teaching(told) if told != said else None
    return inner.model_copy(update={"text": said}) if inner else Teach(kind="fact", text=said)


def firmly(text: str, *, ordered: bool = False) -> Teach | Forget | None:
    """What is taught or forgotten where the words begin so plainly that it can't be work.

    `ordered`: they order something of the bot as well, so that "from now on" teaches nothing.
    """
    said = plainly(text)
    if len(said) > MOST_CHARS or _ON_PLAN.match(said):
        return None
    gone = forgetting(said)
    if gone is not None:
        return gone
    if _TOLD.match(said):
        return teaching(said) or Teach(kind="fact", text=said)
    if _CALLED.match(said) or defines(text):
        return Teach(kind="fact", text=said)
    return None if ordered else _from_now_on(said)


def defines(text: str) -> bool:
    """Whether it's said what a word means: that answers no question and orders no work."""
    said = plainly(text)
    return len(said) <= MOST_CHARS and "\n" not in text and _DEFINED.match(said) is not None


def _from_now_on(said: str) -> Teach | None:
    """The rule of "from now on …", where it says how things are to be done."""
    lasting = _LASTING.match(said)
    if lasting is None:
        return None
    verb = (lasting["verb"] or "").casefold()
    return Teach(kind="rule", text=said) if not verb or verb in _DONE_TO else None
