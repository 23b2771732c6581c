"""Turns of phrase that say what is done with data, whatever the data is. Data and one look-up.

Each line gives a kind of mark, what it carries, and the phrases for it. "_" carries nothing.
"""

from collections.abc import Mapping
from typing import Final

from planner.questions.words.lexicon import word_set

_LINES: Final = """
F sum: total | totals | sum | sums | sum of | total of | sum up | add up | added up | combined | cumulated | how much | aggregate | overall | in total | grand total | altogether | summed | overall total
F avg: average | averages | avg | mean | on average | typical | average of | in average | averaged | mean of | typically
F max: maximum | max | maxima
F min: minimum | min | minima
F median: median | median of | medians
F stddev: standard deviation | stddev | std dev | std | standard deviations | standard deviation of | spread of
! count: times | how many | how many of those | how many of them | how many of these | number of | count | count of | counts | count the | number | how often | how many times | frequency | frequency of | tally | no of | amount of times | counted | numbers of
d _: distinct | unique | different | individual | separate
b _: between
G hour: hour | hourly | hours
G day: day | a day | daily | days | date | per diem
G week: week | a week | weekly | weeks | calendar week
G month: month | a month | monthly | months | calendar month
G quarter: quarter | quarterly | quarters
G year: year | a year | yearly | years | annual | annually | calendar year
G weekday: weekday | day of the week | day of week | weekdays | days of the week
G month_name: month of the year | calendar month name | month of year
G hour_of_day: hour of the day | hour of day | time of day
B _: by | per | and for each | and for every | and in each | for each | for every | in each | in every | each | every | grouped by | group by | split by | broken down by | breakdown by | break down by | breakdown per | split into | according to | across | across all | by each | separately for | depending on | as a function of | at each | within each | from each | of each | pro | je | for all | broken down per | over the | along | by the | per the | based on
O >=: at least | no less than | not less than | >= | minimum of | or more | or above | or higher | from above | and above | and more | or older | or over | and over | not below | not under | or greater
O <=: at most | no more than | not more than | up to | <= | or less | or fewer | or below | maximum of | or under | or lower | not above | not over | or younger | and below | and under
O >: over | above | more than | greater than | higher than | larger than | bigger than | exceeding | exceeds | exceed | > | older than | longer than | heavier than | better than | upwards of | exceeded | beyond | worth more than | costing more than | warmer than | hotter than | taller than | in excess of | that exceed
O <: under | below | less than | lower than | fewer than | smaller than | < | younger than | shorter than | worse than | cheaper than | lighter than | colder than | cooler than | faster than | worth less than
O =: is equal to | equal to | equals | equal | exactly | = | ==
O <>: != | <>
I _: is | are | was | were | be | been | being | work out | find out | figure out | worked out | pull out | get out | point out
X _: without | not | no | except | except for | excluding | exclude | other than | apart from | but not | never | had not | hadn't | isn't | aren't | wasn't | weren't | doesn't | don't | didn't | does not | do not | did not | is not | are not | was not | were not | have not | has not | haven't | hasn't | lacking | minus | ignoring | ignore | leaving out | leave out | not counting | has no | have no | with no | have never | has never | that have no | that are not | who have not | nicht | ohne | drop | skip | omit | outside | outside of | non | remove | cannot | neither | nor | rather than | had no | nobody | no one | anything but | everything but | all but | everything except | anything except | all except | aside from | disregarding | disregard | without counting | have not been | has not been
x _: excluded | don't count | do not count | doesn't count | does not count | shouldn't count | left out | not counted | not included | omitted | exempted | being excluded | are excluded | is excluded | not counting them
y _: both | both a | both an | both the | all three | all 3 | all four | all 4 | all five | all 5
w _: where | with | whose | with an | having an | that have a | that have an | who have a | who have an | which have a | which have an | that had a | who had a | having | that have | which have | who have | that has | which has | who has | in which | if | when | that are | which are | who are | only where | such that | for which | containing only | that were | which were | who were | having a | with a | that had | who had | which had | limited to | restricted to | filtered by | filter by | filtered to | filter on | filter
m _: moving average | rolling average | running average | moving mean | rolling mean
r _: running total | cumulative | cumulatively | running sum | accumulated | cumulative sum | year to date total | cumulative total | running
g growth: growth | growth rate | percent change | percentage change | change in percent | month over month | month-over-month | year over year | year-over-year | week over week | mom | yoy | grew | growing | grown | percentage growth | compared to the previous month | compared with the previous month | compared to the month before | compared to the previous year | compared to the year before | compared to the previous quarter | compared to the previous week | vs the previous month | vs previous month | versus the previous month | vs the previous year | versus the previous year | against the previous month | against the previous year | day over day | quarter over quarter | compared to the previous day | compared to previous month | compared to previous year | from month to month | from year to year | vs the month before | against the month before | up or down | rose or fell
g change: change | changes | increase | decrease | changed | development from | difference to the previous month | difference from the previous month | difference to the previous year | increased
H _: part of | what part | what part of | part of the | share | share of | percentage of | percentage | percent of | proportion | proportion of | fraction | fraction of | what percent | percent | % | % of | what share | how many percent | how many percent of | in percent | as a percentage | as percentage | as percent | what proportion | part of the total | share of the total | share of total | percentage of total | percent of total | percentage of the total | as a share | what % | contribution | contribution of | of the total | what fraction | as a percentage of the total | as a share of the total | as % of total | portion of | portion | relative share | percentage share | what part | what part of | which part of
R _: rate | quota | quote | ratio
k _: rank | ranking | rank of | ranked
p _: duplicate | duplicates | duplicated | more than once | appear twice | repeated | double entries | twice or more | at least twice | two or more times | twice | appears twice | appear more than once | occur more than once | occurs more than once | dupes | doubled | duplicate rows | duplicate values | several times | multiple times
z _: missing | empty | blank | null | nulls | unknown | not filled | unfilled | n/a | undefined | is null | not set | left blank | unspecified | no value | not given | lacks | lack | incomplete | absent | nan
Z _: not missing | not empty | not null | filled | filled in | present | not blank | is not null
c _: correlation | correlation between | correlated | correlate | correlates | related to | correlation of | relationship between | correlation coefficient
h _: histogram | distribution | distribution of | histogram of | bins | buckets | binned | distributed
f _: difference | difference between | gap between | difference in | differ | differs
v each: and for | and in
v rest: and so on | etc | and so forth | and the like | and others
v more: more | less | fewer | higher | lower | bigger | smaller | larger
v _: vs | versus | compared to | compared with | against | vs. | compare | comparison | comparison of | compared | comparing | compare with | v
S _: sort by | sorted by | order by | ordered by | sort | sorted | rank by | ranked by | ordering by | in order of | arranged by | sort them by | sort it by | sort the results by | sort the result by | sort descending by | ranked according to
U _: ascending | asc | lowest first | smallest first | low to high | from low to high | smallest to largest | lowest to highest | from smallest to largest | oldest first | earliest first | alphabetically | from lowest to highest | in alphabetical order | a to z | a-z | in ascending order | increasing | cheapest first | in chronological order | chronologically | alphabetical | youngest last | from low
D _: descending | desc | highest first | largest first | biggest first | high to low | from high to low | largest to smallest | highest to lowest | from highest to lowest | from largest to smallest | newest first | latest first | most recent first | in descending order | decreasing | most expensive first | best first | in reverse order | reverse order | most first | z to a | from high
T max: top | most | highest | biggest | largest | greatest | best | leading | strongest | major | thickest | deepest | widest | steepest | richest | furthest | farthest
A _: value | worth | size | amount | amounts | volume
T count: most common | most frequent | most popular | busiest | most often | most frequently | most active | commonest | most used | keenest | most loyal | most regular | most often used
L min: least | lowest | smallest | fewest | worst | bottom | weakest | thinnest | narrowest | shallowest | nearest | closest | poorest
L count: least common | rarest | least frequent | least popular | least active | least often | quietest
T date: newest | latest | most recent | most recently | last | youngest | most recently added
L date: oldest | earliest | first | longest-serving | longest serving | longest ago | first ever
T sold: best-selling | bestselling | best selling | top-selling | top selling | best sold | most sold | sold the most | sold most | sold best | selling best | selling most | sells best | sells most | sells the most | sells the best | sell best | sell most | sell the most | sell the best
L sold: worst-selling | worst selling | least sold | worst sold | slow-selling | slowest selling | sold the least | sold least | sold worst | sells worst | sells least | sells the least | sell worst | sell least | sell the least
T price: most expensive | priciest | dearest | costliest
L price: cheapest | least expensive | most affordable
T length: longest | slowest | lengthiest | took the longest | took longest | takes the longest | takes longest | take the longest | take longest
L length: shortest | fastest | quickest | took the shortest | took the least time | takes the shortest | takes the least time
T weight: heaviest | fattest
L weight: lightest | skinniest
T height: tallest
T age: eldest
T temperature: hottest | warmest
L temperature: coldest | coolest
T pay: best-paid | best paid | highest-paid | highest paid | top earning | top-earning | highest earning
L pay: lowest-paid | lowest paid | worst paid | worst-paid
a _: and | as well as | plus | & | together with | along with | and also | or the | and their | and its
o _: or | or in | or from
W what: which | what | whose
W who: who | whos | whom | anyone | anybody | someone | somebody | who's
e _: people | persons | folks | folk | everyone | everybody
W when: when did | when was | when is | when were | on which day was | on what date
W long: how long | how many days
K spend: spent | spend | spends | spending | paid us | brought in
K earn: earning | making | earn | earns | earned | paid | make the most money
K buy: bought | buys | buy | purchased | ordered | orders | purchase | placed
K sell: sold | sells | sell | selling
u second: in seconds | in secs
u minute: in minutes | in mins | in min
u hour: in hours | in hrs
u day: in days
u money: in euros | in euro | in eur | in dollars | in usd | in pounds | in gbp | in money
t sum: time spent | hours spent | days spent
t _: time | duration | turnaround | turnaround time | lead time | length of stay | stay | stays | delivery time | resolution time | processing time | shipping time | time to close | time to resolve | time to ship | time to deliver | handling time | take to | time it takes | time between | days between | days from | tenure | time to resolution | lasted | last on average
P contains: containing | contains | contain | that contain | mentions | mentioning | includes | include | including | with the word | with the words | mention | with word | has the word | including the word
P starts: starting with | starts with | start with | begins with | beginning with | begin with | that start with | starting
P ends: ending in | ending with | ends with | ends in | end with | end in
q 100: percentile | quantile | th percentile | percentiles
q 4: quartile | quartiles
q 10: decile | deciles
q 5: quintile | quintiles
Q 0.75: upper quartile | third quartile | top quartile | q3 value
Q 0.25: lower quartile | first quartile | bottom quartile
Q 0.9: p90 | ninetieth percentile
Q 0.95: p95
Q 0.99: p99
Q 0.5: p50 | second quartile
Q 0.75: p75
Q 0.25: p25
j _: rounded to | round to | rounded | round | decimals | decimal places | decimal | decimal place | nearest | whole numbers | to the nearest
"""

PHRASES: Final[dict[tuple[str, ...], tuple[str, str]]] = {
    tuple(phrase.split()): (line.split(" ", 1)[0], line.split(": ", 1)[0].split(" ", 1)[1])
    for line in _LINES.strip().splitlines()
    for phrase in line.split(": ", 1)[1].split(" | ")
}
PHRASES.update(
    ((how, *before.split(), span), ("g", "growth"))
    for how in ("over", "from", "to", "against", "versus", "vs", "than")
    for before in ("the previous", "previous", "the prior", "prior", "the preceding")
    for span in ("month", "year", "quarter", "week", "day", "period")
)
PHRASES.update(
    (("or", word), ("O", way))
    for way, words in (
        (
            ">=",
            "longer older higher larger bigger heavier greater taller later hotter warmer upwards",
        ),
        ("<=", "shorter younger lower smaller lighter cheaper earlier colder cooler faster"),
    )
    for word in words.split()
)
LONGEST: Final = max(map(len, PHRASES))

FILLER: Final = word_set(
    "single split anything everything a an the of in on for from to at me us my our their his her its your i we you they he "
    "she it this that these those them there some any all show list display print give get "
    "find calculate compute tell return please just also can could would like want need have "
    "has had do does did will work up see look so then now here still currently rows row "
    "records record entries entry lines line file files table data sheet dataset spreadsheet "
    "csv results result one ones as into what's only many every whole entire column "
    "columns field fields figures numbers values but than please many made make make's "
    "generated generate achieved got gotten let know about who's is was are were been being "
    "be which what how whose put produce using use based kind sort of which' actual actually "
    "really exactly respectively overall same each other others between within during "
    "across among amongst year's terms term regarding respect concerning come comes came "
    "belong belonging go goes went happened occurred recorded registered existing exist "
    "exists there's available via through output answer question select pick top's query "
    "report statistics stats breakdown overview summary list's statement figure check quick "
    "quickly hi hello hey ok okay thanks thank kindly well right once together yet already "
    "per't hmm um altogether take takes took time's bring brings brought broken down grouped "
    "individual am wanna gimme lemme whats how's wie viel viele pro und der die das ist sind "
    "im mit von nach je alle zeig zeige bitte analysis analyse analyze contain contained has' "
    "held hold holds holding there' anyone someone somebody people's ever where given gave "
    "lies lie say says said mine's world whether doing done being we've we're i'd i'm"
)
"""Words that may stay over once everything else was understood."""

NUMBERS: Final[Mapping[str, int]] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "fifty": 50, "hundred": 100, "dozen": 12, "once": 1, "zero": 0, "zeros": 0,
    "zeroes": 0,
}  # fmt: skip
ROWS: Final = word_set("row rows record records line lines entry entries item items")

WAYS: Final = word_set("distance km ft feet foot metre meter cm")
"""How long something is; nothing that takes long is measured so."""
HINTS: Final[Mapping[str, frozenset[str]]] = {
    "price": word_set("price cost amount salary fee"),
    "length": WAYS | word_set("duration minute hour second day length stay time"),
    "weight": word_set("weight"),
    "height": word_set("height"),
    "age": word_set("age"),
    "temperature": word_set("temperature"),
    "pay": word_set("salary"),
}
"""What an adjective is about: the concepts or words of the columns it may rank by."""

DIVIDING: Final = frozenset(
    " ".join(words) for words, (letter, _) in PHRASES.items() if letter == "B"
) - {"by", "by the", "according to", "based on", "grouped by", "group by", "over the", "along"}
"""What puts rows together, or divides by them, and never says an order."""
