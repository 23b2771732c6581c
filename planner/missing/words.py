"""Words that say what kind of work is wanted, and nothing of what it is about. Data."""

from typing import Final

from planner.questions.words.lexicon import word_set

WRITE: Final = word_set(
    "write draft compose prepare create produce make generate author pen craft do give"
)
TRANSLATE: Final = word_set("translate localise localize")
EDIT: Final = word_set(
    "improve proofread edit polish rewrite fix shorten simplify correct rephrase reword revise "
    "enhance tidy expand lengthen refine redo update make"
)
TOLD: Final = word_set("proofread shorten simplify correct expand lengthen tidy polish")
"""Verbs of an edit that say what is to become of the text."""
BETTER: Final = word_set(
    "better shorter nicer clearer longer simpler good readable funnier friendlier"
)
SHORTER: Final = word_set("shorter simpler")
SUMMARISE: Final = word_set("summarise summarize condense")
MEND: Final = word_set("fix debug repair solve find mend")
BUGS: Final = word_set("bug bugs error errors problem issue problems issues")
AUDIENCES: Final = word_set(
    "website blog homepage team customers customer clients client boss linkedin twitter facebook "
    "instagram everyone everybody colleagues newsletter company staff press public management board "
    "investors users kids children students intranet media social reader readers audience"
)
CODE_LANGUAGES: Final = word_set("python javascript typescript sql bash java rust go r c html css")
MARKETS: Final = word_set("market competition competitors")
RESEARCH: Final = word_set("research investigate explore study look")
CODE: Final = word_set("code program implement build develop write create make")
SUM: Final = word_set("sum total average mean add calculate compute work median figure calc reckon")
SPLIT: Final = word_set(
    "compare chart plot graph draw visualise visualize group break show display make create "
    "build give produce generate aggregate rank list see pivot do prepare crunch what are is write"
)
KEEP: Final = word_set("filter narrow restrict limit")
SORT: Final = word_set("sort order arrange rank reorder")
HELP: Final = word_set(
    "something do help handle process use update clean work change adjust check deal look take prepare improve "
    "fix edit manage organise organize sort"
)
PLAN: Final = word_set("plan organise organize arrange prepare")

TEXTS: Final = word_set(
    "blog post article email mail letter poem newsletter presentation speech story essay text texts "
    "documentation docs guide proposal ad advert advertisement tweet caption headline slogan note "
    "memo announcement message description something copy content paragraph haiku song review "
    "manual tutorial brochure flyer statement pitch bio release press handbook policy "
    "invitation reply response page landing briefing brief summary paper whitepaper faq thread job "
    "posting case toast"
)
"""Texts that somebody can write."""
GIVEN: Final = word_set(
    "text texts document letter email mail article draft essay wording copy note post paper message "
    "doc file it this that them these those paragraph content writing section page story"
)
"""Texts that are there already."""
STUDIES: Final = word_set(
    "research study investigation topic subject market competition competitors"
)
PROGRAMS: Final = word_set(
    "code script program app application function tool website software dashboard bot api module"
)
DATA: Final = word_set(
    "data dataset numbers number figures figure table tables spreadsheet sheet rows row entries "
    "records file files values csv list results result statistics stats everything columns lines"
)
PICTURES: Final = word_set(
    "chart charts graph graphs plot plots diagram bar line pie visual visualisation visualization"
)
REPORTS: Final = word_set("report reports")
GROUPS: Final = word_set(
    "breakdown comparison trend trends overview totals development pivot analysis groups group"
)
SUMS: Final = word_set("total totals sum average mean median figure number amount")
EVENTS: Final = word_set(
    "event party meeting trip workshop offsite conference retreat webinar launch celebration dinner "
    "holiday visit training hackathon weekend project vacation travel lunch"
)
DRAWN: Final = word_set("chart plot graph draw visualise visualize")
COMPARED: Final = word_set("compare group break aggregate pivot crunch")
PLAIN_ASKING: Final = word_set("what what's whats is give show tell")
TOPS: Final = word_set("top bottom best worst highest lowest")
BOTTOMS: Final = word_set("bottom worst lowest")
PUBLISH: Final = word_set("publish release post")
CONVERT: Final = word_set("convert export")
CLEAN: Final = word_set("clean fix check tidy improve")
FIGURES: Final = word_set("figures numbers figure table statistics stats results result")
ROWS: Final = word_set("rows row entries records file files list everything columns lines")
PERIODS: Final = {"month": "month", "months": "month", "monthly": "month", "years": "year", "year": "year",
                  "quarters": "quarter", "quarter": "quarter", "weeks": "week", "week": "week",
                  "yearly": "year", "weekly": "week", "quarterly": "quarter"}  # fmt: skip
POINTING: Final = word_set("it this that them these those")
FILLERS: Final = word_set(
    "a an the some any my our your me us i we you please can could would will kindly just now then so "
    "hey hi hello want need like to of in on for from with and new nice good great short quick long "
    "small big little brief simple better best best-looking again up out down over into by at its "
    "there here have has let get us's let's usual stuff thing things bit together two three both all "
    "how what what's whats which more properly first second really better-looking clear clearly "
    "professional better bot orchestra thanks quickly today asap"
)
"""Words that tell nothing of what is wanted."""
