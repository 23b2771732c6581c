"""Everyday words that say nothing about which rows are meant, and what some hint at. Data, look-ups."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from planner.questions.words.lexicon import word_set

_VERBS: Final = word_set(
    "account achieve allow arrange attend base bear become believe "
    "belong bring build call care carry check choose collect come compare concern conduct "
    "connect consider consist contact contribute cover create deal describe do "
    "enter explain face fall feel figure find fit fix follow form gain gather generate get "
    "give go grab grow handle hand happen have hear help hit hold include involve keep know "
    "leave let like link list live locate log look love make manage match matter mean meet mention move "
    "need notice obtain occur offer operate own perform pick place play point post prefer prepare "
    "present process produce provide pull put reach read receive record relate "
    "report represent request require result run say see seem serve set share sit sort "
    "stand state stick store suffer suit take talk tell think total track treat try turn "
    "understand use visit wait walk wish wonder work write reside tend used done got made came went "
    "saw seen took taken gave given brought kept held let met put ran said sat sent set spoke stood "
    "told thought wrote written found known drew drawn fell felt grew grown heard lay lain meant"
)
_OTHERS: Final = word_set(
    "about actually ago all almost along already also although altogether always another any anybody "
    "anyone anything anyway approximately around aside away back basically because before behind "
    "beforehand briefly certain clearly completely correctly currently definitely directly "
    "easily either enough entire entirely especially essentially etc even eventually everybody "
    "everyone everything everywhere exactly fairly far finally first fully further generally "
    "here hey hopefully however indeed just kindly "
    "lot lots mainly maybe meanwhile merely mostly much namely nearly necessary nice nicely normally "
    "obviously often ok okay only overall own particular particularly perhaps plain please "
    "plus possible possibly potentially precisely presently pretty probably properly purely quick quickly "
    "quite really regardless regularly respective respectively right roughly same "
    "seriously several similarly simple simply since single so somehow someone something sometimes "
    "somewhere sort specific specifically still straight such suddenly sure surely technically "
    "thanks then there thereby therefore though thus together too totally truly try typically "
    "unfortunately usual usually various very well whatever whenever wherever whether while whole wholly "
    "whose why within yet aspect bit case chance detail example fact idea info information insight "
    "instance item kind manner matter moment part piece place point question reason regard respect "
    "scenario sense side situation stuff term thing type way view nutshell glance glimpse purpose "
    "boss meeting slide deck presentation curious interested wondering hurry asap today's "
    "database spreadsheet workbook system split altogether"
)
_LIGHT: Final = _VERBS | _OTHERS

ORDERS: Final = word_set(
    "chart plot graph draw diagram write draft compose save store publish send email mail post upload "
    "download print export import delete remove erase rename copy move convert translate summarise "
    "summarize review proofread rewrite fetch browse notify remind schedule approve poem letter essay "
    "article blog translation presentation slides document pdf powerpoint unless fiscal financial"
)
"""Words of other work than a question to data: in one, they were not understood."""
_ASKING: Final = word_set(
    "how what whats what's which who whose who's when where is are was were do does did has have had any"
)
_NAMED: Final = word_set(
    "many much few of per by each every which what no the our my all any these those this that"
)
"""Words before something that is counted or told apart rather than made."""
_BREAKS: Final = word_set("and then also please now finally")

_HINTS: Final = """
nights duration hours: stay stayed staying stays
duration hours: last lasted lasting lasts wait waited waits take took
salary amount: earn earned earns earning
amount revenue payment price cost: pay pays paid paying spend spent spends spending charge charged bring
price cost amount: cost costs costing
quantity revenue amount: sell sold sells selling
amount quantity revenue: buy bought buys purchase purchased order ordered
weight: weigh weighed weighs
distance: travel travelled traveled drive drove driven run ran fly flew ride rode cover covered
goals score: score scored scores
donation amount: donate donated donates give gave given
debt amount: owe owed owes
hours duration: work worked works
energy quantity: consume consumed consumes use used uses
quantity: produce produced make made ship shipped move moved
"""


def _hints() -> Mapping[str, tuple[str, ...]]:
    lines = (line.split(": ") for line in _HINTS.strip().splitlines())
    found: dict[str, tuple[str, ...]] = {}
    for concepts, words in lines:
        for word in words.split():
            found[word] = (*found.get(word, ()), *concepts.split())
    return found


_BY_VERB: Final = _hints()


def is_light(word: str) -> bool:
    """Whether the word restricts nothing: "come", "happened", "altogether"."""
    return any(form in _LIGHT for form in _base_forms(word.lower()))


def _base_forms(word: str) -> Iterator[str]:
    """The word, and what it may be a form of: "placed" of "place", "running" of "run"."""
    yield word
    for ending in ("s", "es", "ed", "ing"):
        if word.endswith(ending):
            base = word.removesuffix(ending)
            yield from (base, f"{base}e")
            if ending in {"ed", "ing"} and len(base) > 2 and base[-1] == base[-2]:
                yield base[:-1]
    if word.endswith("ied"):
        yield f"{word[:-3]}y"


def happens(words: str) -> bool:
    """Whether the words speak of what people did, once or many times: each is a row of its own."""
    low = words.lower().split()
    came = any(word in _COMING and low[n + 1 : n + 2] != ["from"] for n, word in enumerate(low))
    return came or {"how", "often"} <= {*low} or "times" in low


_COMING: Final = word_set(
    "come comes came coming visit visited attend attended attends went showed turned checked"
)


def hints(word: str) -> tuple[str, ...]:
    """The concepts of the figure that a verb speaks of, likeliest first: "stayed" of nights."""
    return _BY_VERB.get(word.lower(), ())


def orders(words: str) -> bool:
    """Whether words order other work: "what did we send" and "pieces per article" only name some."""
    said = words.split()
    plain = [word.strip('.,;:!?()“”"').lower() for word in said]
    asks = plain[:1] != [] and plain[0] in _ASKING
    return any(
        _begins(said, plain, place) or not (asks or plain[place - 1] in _NAMED)
        for place, word in enumerate(plain)
        if word in ORDERS
    )


def _begins(said: Sequence[str], plain: Sequence[str], place: int) -> bool:
    """Whether a word stands where an order begins."""
    return not place or said[place - 1][-1] in ",.;:!?" or plain[place - 1] in _BREAKS


_PHRASAL: Final = """
returned return: come-back bring-back give-back hand-back send-back take-back get-back go-back
cancelled canceled cancel: call-off
postponed rescheduled: put-off push-back put-back
rejected declined refused denied: turn-down turn-away knock-back
dismissed redundant: lay-off
registered: sign-up
expired: run-out
broken failed: break-down fall-through
withdrawn: drop-out pull-out back-out
completed successful ok success: go-through
closed: close-down shut-down
discarded scrapped disposed: throw-out throw-away
approved: sign-off wave-through
settled paid: pay-off
collected: pick-up
"""
"""What is meant | by verbs that mean something else with the word behind them."""


def _phrasal() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found = {}
    for line in _PHRASAL.strip().splitlines():
        meant, pairs = line.split(": ")
        for pair in pairs.split():
            verb, _, behind = pair.partition("-")
            found[verb, behind] = tuple(meant.split())
    return found


_BY_PAIR: Final = _phrasal()
_OTHER_FORMS: Final = {
    "came": "come", "brought": "bring", "gave": "give", "given": "give", "sent": "send", "took": "take",
    "taken": "take", "got": "get", "went": "go", "gone": "go", "goes": "go", "laid": "lay", "ran": "run",
    "broke": "break", "broken": "break", "fell": "fall", "fallen": "fall", "threw": "throw",
    "thrown": "throw", "lent": "lend", "paid": "pay",
}  # fmt: skip


def together(words: str) -> tuple[str, ...]:
    """What two words mean as one: "came back" is returned; () where they mean nothing else."""
    verb, _, behind = words.lower().partition(" ")
    forms = (_OTHER_FORMS.get(verb, verb), *_base_forms(verb))
    return next((_BY_PAIR[form, behind] for form in forms if (form, behind) in _BY_PAIR), ())
