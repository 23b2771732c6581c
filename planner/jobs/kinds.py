"""The table of jobs: how each is said, and what drafts it. Earlier rows go first."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

from planner.draft import Draft
from planner.jobs import authored, documents, reminding, tables
from planner.jobs.forms import Match
from planner.jobs.making import Making
from planner.jobs.reshaping import columns
from planner.jobs.textfiles import folders, lists, texts
from planner.offline.drafter import plan_offline

_GIVE: Final = "show|give|list|find|get|print|display|return|see|fetch|output"
_LOOK: Final = "describe|analyse|analyze|explore|examine|inspect|profile|assess|summarise|summarize|check|review|investigate"
_MAKE: Final = "make|write|create|build|prepare|generate|produce|do|give|compile"
_AWAY: Final = "remove|drop|delete|clean_up|get_rid_of|strip|weed_out|clear|clear_out|clean_out|kick_out|throw_out|throw_away|take_out|kill|purge|eliminate|zap|filter_out|sort_out|root_out|ditch|chuck_out"
_ROW: Final = "duplicates|duplicate_rows|duplicated_rows|repeated_rows|double_rows|doubles|doublets|dupes|duplicate_entries|double_entries|duplicate_records|repeats"
_GAPS: Final = "missing_values|missing_data|gaps|empty_cells|empty_values|empty_fields|blanks|blank_cells|nulls|null_values|holes|missing_entries|NAs|incomplete_rows"
_ODD: Final = (
    "outliers|anomalies|odd_values|unusual_values|strange_values|extreme_values|suspicious_values"
)
_WRITE: Final = "write|put|save|store|note|record|type|jot|jot_down|write_down|note_down|enter"
_ADD: Final = "add|append|put|insert|attach|stick|pop|tack|slap|drop|chuck|include"
_GLUE: Final = (
    "merge|combine|join|concatenate|concat|append|put|glue|stitch|stick|tack|tape|lump|mash"
)
_BIN: Final = "bin|trash|rubbish|rubbish_bin|recycle_bin|waste_basket|dustbin"
_THOUGHTS: Final = "ideas|suggestions|tips|slogans|taglines|headlines|titles|alternatives|synonyms|jokes|puns|riddles|topics"
_ADVICE: Final = "ideas|suggestions|tips|slogans|taglines|jokes|puns|inspiration|advice"
_THOUGHT: Final = "joke|riddle|pun|story|poem|haiku|limerick|slogan|tagline"
_HAS: Final = "contain|contains|containing|with|mention|mentions|mentioning|include|includes|including|have|having|has|match|matching|marked|tagged|flagged|labelled|starting_with|beginning_with"
_TODO: Final = "todos|to-dos|to_dos|todo|todo_items|to-do_items|todo_list|action_items|action_points|actions|open_points|open_items|next_steps|decisions"
_PUT: Final = "put|add|write|note|stick|jot|save|pop|stick|append|record|enter|chuck|keep|get"
_HAVE: Final = "remember|i_have_to|i_must|i_should|i've_got_to|ive_got_to|i_gotta|we_need_to|we_have_to|we_must|we_should|don't_forget|dont_forget|do_not_forget|don't_forget_to|note_to_self|note_to_self:|memo|memo:|reminder_to_self|reminder_to_self:"
_ITEM: Final = "things|items|tasks|todos|to-dos|points|entries|jobs|chores|stuff"
_STILL: Final = (
    "open|left|outstanding|pending|to_do|undone|unfinished|to_be_done|not_done|unticked|unchecked"
)
_LINES: Final = "[all|only|just] [of] [the] [all] lines|line|entries"


@dataclass(frozen=True)
class Kind:
    """A kind of job: its patterns and its drafter. `late`: only where no other reading fits;
    `wraps`: a part of it is other work, which the grammar reads.
    """

    name: str
    forms: tuple[str, ...]
    draft: Callable[[Making, Match], Draft]
    late: bool = False
    wraps: bool = False
    foreign: tuple[str, ...] = ()
    """How it's said in other languages than English."""


def _kind(
    name: str,
    draft: Callable[[Making, Match], Draft],
    *forms: str,
    late: bool = False,
    wraps: bool = False,
) -> Kind:
    return Kind(name, forms, draft, late, wraps, tuple(_foreign().get(name, ())))


@cache
def _foreign() -> dict[str, list[str]]:
    """The patterns of each kind in other languages."""
    path = Path(__file__).with_name("foreign.toml")
    every: dict[str, list[str]] = {}
    for language in tomllib.loads(path.read_text(encoding="utf-8")).values():
        for name, forms in language.items():
            every.setdefault(name, []).extend(forms)
    return every


KINDS: Final = (
    _kind(
        "missing", partial(tables.profile, focus="missing"),
        f"[are|is] [there] [any] {_GAPS} <in> <file>", f"{_GIVE}|check|look|count [me] [for|up] [all] [the] [any] {_GAPS} <in> <file>",
        f"does|do <file> have|contain|has [any] {_GAPS}", f"what|which|where columns|fields|values|cells [<in> <file>] are|have|is [there] missing|empty|gaps|blank|{_GAPS}",
        f"where are [there] [the] {_GAPS} <in> <file>", f"[are|is] [there] [any] {_GAPS}", "is anything|something missing <in> <file>", "is <file> complete",
        f"how many {_GAPS} are [there] <in> <file>", f"how many {_GAPS} does <file> have|contain", "how many values|cells are missing|empty|blank <in> <file>", "what_is|what's|whats missing <in> <file>",
        "which columns <in> <file> have|contain gaps|missing_values|empty_cells|blanks|nulls|missing_data", f"{_LOOK} <file> for {_GAPS}", "how complete is <file>",
    ),
    _kind(
        "unique rows", tables.distinct,
        f"{_AWAY} [all] [the] {_ROW} from|in|of <file> [<kept>]",
        "dedupe|deduplicate|de-duplicate <file> [<kept>]", "dedupe|deduplicate <file> <into> <out>",
        f"{_AWAY} [all] [the] {_ROW} from|in|of <file> <into> <out>", "make [the] rows <in> <file> unique [<kept>]",
    ),
    _kind(
        "duplicates", partial(tables.profile, focus="duplicates"),
        f"[are|is] [there] [any] {_ROW} <in> <file>", f"{_GIVE}|check|look|count [me] [for] [all] [the] [any] {_ROW} <in> <file>",
        f"does|do|has <file> have|contain|got [any] {_ROW}", f"[are|is] [there] [any] {_ROW}", f"how many {_ROW} are|does [there] <in> <file> [have]",
        f"{_LOOK} <file> for {_ROW}", "does anything|any_row <in> <file> appear|occur|come twice", "are [the] rows <in> <file> unique", "which|what rows <in> <file> are|appear|occur duplicated|twice|double|duplicates",
        "is anything <in> <file> twice|double|duplicated", f"how many {_ROW} does <file> have",
    ),
    _kind(
        "outliers", partial(tables.profile, focus="outliers"),
        f"[are|is] [there] [any] {_ODD} <in> <file>", f"{_GIVE}|check|look|spot|detect [me] [for] [all] [the] [any] {_ODD} <in> <file>",
        f"does <file> have|contain [any] {_ODD}", f"[are|is] [there] [any] {_ODD}", f"{_LOOK} <file> for {_ODD}",
    ),
    _kind(
        "columns", tables.columns,
        "describe|explain|list|show|name [me] [the] columns|fields|headers|header|column_names|schema|structure [and types] <in> <file>",
        "what|which columns|fields|headers does <file> have|contain", "what|which columns|fields are [there] <in> <file>",
        "what are [the] columns|fields|headers|column_names <in> <file>", "what types|type do|does|are|have [the] columns <in> <file> [have]",
        "what_is|what's|whats the schema|structure <in> <file>",
    ),
    _kind(
        "report", tables.report,
        f"{_MAKE} [me|us] [a|an|the] [short|quick|full|nice|data] report|summary_report about|on|of|for|from|over <file>",
        f"{_MAKE} [me|us] [a|an|the] [short|quick|full|nice|data] report about|on|of|for|from|over <file> as|in [a] {{doc}} [file]",
        f"{_MAKE} [me|us] [a|an|the] [short|quick|full|nice] {{doc}} report|document about|on|of|for|from|over <file>",
        f"{_MAKE} [me|us] [a|an|the] [short|quick|full|nice|data] report about|on|of|for|from|over <file> [and] [save|put|write] [it] <into> <out>",
        "report on|about <file> [as|in] [a] [{doc}]", "report on|about <file> <into> <out>", "[a|the] [short|quick|brief] summary|overview|report of|on|about|for <file> in|to|into|as <out>", "turn <file> into a report", "turn <file> into a {doc} report",
    ),
    _kind(
        "profile", tables.profile,
        "tell <me> [something|more|all|everything|a_bit|a_little] [you can] about <file>", "what_is|what's|whats inside|in <file>",
        "what does <file> contain|hold|show|say|look_like|have [in it]", f"{_LOOK} [the] [data] [<in>] <file>", "have|take|get a [quick|short|closer] look at|into <file>", "look at|into <file>",
        f"{_GIVE} [me|us] [a|an|the] [quick|short|brief|general|rough] overview|profile|summary|analysis|picture|description|breakdown|rundown|statistics|stats|data_profile <in>|on|about|for <file>",
        "overview|profile|summary|statistics|stats|analysis|description <in>|on|about|for <file>", "how good|clean|reliable|dirty is [the] [data] [<in>] <file>",
        "check|assess|test|how_is|what_is|what's|describe|evaluate [the] [data] quality <in> [the] [data] [<in>] <file>", "data quality <in>|for <file>", "do|run|make|create|perform a|an|some [quick|full|short] [data] [quality] profile|analysis|check|checks|audit|overview <in>|on|for|about <file>",
        "is [there] anything|something weird|odd|strange|wrong|unusual|suspicious|fishy|off|unexpected in|with|about <file>", "does|do anything|something <in> <file> look|seem|stand_out weird|odd|strange|wrong|off|unusual|suspicious", "what can you tell me about <file>", "what kind|sort of data is <in> <file>", "what do we know about <file>", f"{_LOOK} [the|my|our|this] data|dataset|data_file|table|csv|spreadsheet", "tell <me> about the|my|our|this data|dataset|file|table", f"{_GIVE} [me|us] [a|an] [quick] overview|profile|summary <in> the|my|our data", "quality|sanity check <in>|for|on <file>", "is <file> any good|clean|ok|usable",
        "do|run|make|create|write|give [me] a|an [quick|short|brief] analysis|overview|profile|summary|statistics <in>|on|for|about <file>", "what's <file> about", "what is <file> [about]",
    ),
    _kind(
        "convert", tables.convert,
        "convert|turn|change|transform|export|save|download|write|make|store|translate|give|send|get|put|i_need|i_want|need [me|us] <file> to|into|as|in [a|an] {format} [file|format|sheet|table|document] [please]",
        "convert|turn|change|transform|export|save|download|write|store|put <file> to|into|as|in [a|an] {format} [file|format] called|named|at|under {out}",
        "convert|turn|change|transform|export|save|download|write|store|put <file> to|into|as|in <out>", "make|create a|an {format} [file|version|copy] <in>|from|out_of <file>",
        "make|create a|an {format} [file|version|copy] <in>|from <file> called|named|at {out}", "<file> as|to|into|in [a|an] {format} [file]",
    ),
    _kind(
        "rename column", columns.rename,
        "rename|change|call [the] column|field|header|heading [called|named] {column} to|into|as {new} <in> <file> [<save>]", "rename|change|call [the] {column} column|field|header|heading to|into|as {new} <in> <file> [<save>]",
        "in <file> rename|change|call [the] column|field|header|heading [called|named] {column} to|into|as {new} [<save>]", "in <file> rename|change|call [the] {column} [column|field|header|heading] to|into|as {new} [<save>]",
        "rename|call [the] column|field|header {column} {new} <in> <file> [<save>]", "rename|change|call [the] column|field {column} <in> <file> to|into|as {new} [<save>]", "rename|change|call [the] {column} column|field <in> <file> to|into|as {new} [<save>]", "rename {column} to|into|as {new} <in> <file> [<save>]",
    ),
    _kind(
        "document", documents.document,
        "make|turn|convert|change|give|get|want|need|create|export|save|print|render|produce|have|send|download|i_need|i_want|can_i_have|can_i_get|could_i_have [me|us] <file> as|into|to|in [a|an] {form} [file|version|copy|document]",
        "make|create|render|produce|give|get|send|print|i_need|i_want|can_i_have|can_i_get [me|us] [a|an|the] {form} [file|version|copy|document|out] <in>|out_of|for <file> [called|named] [{out}]", "[the] {form} [version|copy] <in>|for <file>",
        "make|turn|convert|print|export|save|render <file> as|to|into {out}", "<file> as|to|into [a|an] {form} [version|copy] [to|for {why}]", "[a|an|the] {form} [version|copy|page|file] <in>|for|from <file> [to|for {why}]", "{verb} [me|us] [a|an] {form} [version|copy|page|file] <in>|for|out_of <file> [to|for {why}]", "{verb} <file> as|to|into [a|an] {form} [version|copy|file]",
        "i_need|i_want|give_me|get_me|can_i_have <file> as|in [a|an] {form} [version|copy|file] [to|for {why}]",
    ),
    _kind(
        "export", partial(tables.export, plan=plan_offline),
        "export|download|extract|dump {what} to|into|as|in <out>", "export|download|extract|dump {what} to|into|as|in [a|an] {format} [file|sheet|table|document]",
        "save|write|put|store {what} to|into|as|in [a|an] {format} [file|sheet|table|document]", "save|write|put|store {what} to|into|as|in <out>",
        "{what} [and] [then] save|export|write|store|put|give|send [me] [it|them|that|those|the] [result|results|table] [to] [me] as|to|into|in [a|an] {format} [file|sheet|table|document]",
        "{what} [and] [then] save|export|write|store|put [it|them|that|those|the] [result|results|table] to|into|as|in <out>",
        "{what} [and] [then] send|give|save|export|hand|get [me] [it|them|that|this|those|the] [result|results|table|list] [to] [me] as|in|into a file|download@some", "send|give|get|export|save|hand [me|us] {what} as|in|into a file|download@some",
        "{what} [and] [then] hand|pass|send|give [me|us] it|that|them [over|across] as|in [a|an] {format} [file|sheet]", "{what} as|in|into a file|download@some", "{what} [and] i_want|i_need|i_would_like|want|need [it|that|this|them] as|in|into [a|an] {format} [file|sheet|table|document]",
        "{what} as|in|into [a|an] {format} [file|sheet|table|document]", "{what} as|into|to@new <out>", "{what} in@within <out>",
        "save|export|store|extract|keep|write@bare {what}", "{what} [and] [then] save|export|store|write@bare",
        wraps=True,
    ),
    _kind(
        "deliver", partial(tables.deliver, plan=plan_offline),
        "send|message|share|deliver me|us [a|the] {what} [here|to_this_thread|in_this_thread|to_this_channel]",
        "send|post|share|publish|report|deliver {what} here|to_this_thread|in_this_thread|to_this_channel|in_this_channel|to_the_channel|in_the_channel|to_me|to_us|to_the_team|to_everyone|to_the_thread|in_the_thread|with_the_team|with_us|with_everyone|with_everybody|with_the_channel|with_all",
        wraps=True,
    ),
    _kind(
        "folder", folders.merge,
        f"{_GLUE} [together] [all] [of] [the|my|our|both|these|those] [two|three|four|five|{{n}}] [the] [text|markdown|md|txt] files|notes|texts|documents|pages [there_are] in|from|of|inside|under [the|my|our] [folder|directory] {{folder}} [folder|directory] [together] [into|in|to|as] [one|a|the] [single|new] [file] [called|named] [{{out}}]",
        f"{_GLUE} everything|all in|from|inside|of [the|my|our] [folder|directory] {{folder}} [folder|directory] into|in|to <out>", f"{_GLUE} [all] [the|my|our] [files_of|files_in] [the|my|our] {{folder}} folder|directory into|in|to <out>",
        f"{_GLUE} [together] all [of] [the|my|our] {{ending}} files [together] into|in|to|as [one|a] [single|new] [file] [called|named] {{out}}",
    ),
    _kind(
        "files moved", folders.move,
        "put|move|sort|bring [all] [of] [the|my|our] {ending} files in|into|to [a|the|my|our] [new] folder|directory [called|named] {folder}", "put|move|bring [all] [of] [the|my|our] {ending} files in|into|to [the|my|our] {folder} folder|directory", "put|move|bring all [of] [the|my|our] {ending} files in|into|to {folder}",
        "copy@copying [all] [of] [the|my|our] {ending} files in|into|to [a|the|my|our] [new] folder|directory [called|named] {folder}", "copy@copying [all] [of] [the|my|our] {ending} files in|into|to [the|my|our] {folder} folder|directory",
    ),
    _kind(
        "files searched", folders.search,
        "which|what file|files|note|notes|document|documents [do|does] mention|mentions|contain|contains|has|have|talk_about|talks_about|say|says [anything_about|something_about] [the] [word|text|name] {needle}", "in which|what file|files|note|notes is|do|does|are|did [i|we] [the] [word|text] {needle} [mentioned|written|noted|appear|occur|stand|mention]",
        "search|look|grep|go [in|through] [all|every|each] [of] [the|my|our] files|file|notes|documents|texts for|after [the] [word|text] {needle}", "find|search|look_for|grep [for] [the] [word|text] {needle} in|through|across [all|every] [of] [the|my|our] files|notes|documents|texts|project|folder",
        "where did|do|have i|we write|mention|note|put|say|talk_about|written|mentioned|noted [something_about|anything_about] {needle}",
    ),
    _kind(
        "folder summed up", folders.summarise,
        "summarise|summarize|sum_up|condense|recap [me] [all] [of] [the|my|our] [files|notes|texts|documents|everything] [in|of|from|inside] [the|my|our] [folder|directory] {folder} folder|directory [in {n} [bullet] sentences|lines] [in {m} [bullet|key] points|bullets@bulleted] [<save>]",
        "summarise|summarize|sum_up|condense|recap all|both|everything [of] [the|my|our] [files|notes|texts|documents] in|of|from|inside [the|my|our] [folder] {folder} [in {n} [bullet] sentences|lines] [in {m} [bullet|key] points|bullets@bulleted] [<save>]", "[a|the] summary|gist|recap of [all] [of] [the|my|our] [files|notes|texts|documents] [in|of|from|inside] [the|my|our] {folder} folder|directory [in {n} [bullet] sentences|lines] [in {m} [bullet|key] points|bullets@bulleted] [<save>]",
    ),
    _kind(
        "said about", texts.said,
        "what does|do|did <file> say|tell_us|tell_me|mention|state|contain|note|hold about|on|regarding|concerning [the] {needle}", "what is|what's|is|are [there] [written|said|noted|mentioned] [anything|something] about|on|regarding [the] {needle} in <file>", "is|are [the] {needle} mentioned|in|noted in <file>", "does <file> mention|contain|say [anything_about|something_about] [the] {needle}",
    ),
    _kind(
        "occurrences", texts.occurrences,
        "count|number_of|tally [all] [the] {needle} in|inside|within <file>", "how many {needle} are|is|were [there] in|inside|within <file>", "how many {needle} does|do|has|have <file> have|contain|got|hold", "how many {needle} in|inside <file>",
    ),
    _kind(
        "languages", partial(authored.in_languages, plan=plan_offline),
        "translate|turn|put|convert <file> into|to|in {languages} [as|into|in|to] one_file_each|a_file_each|each_in_its_own_file|each_in_a_file_of_its_own|each_in_one_file|each_in_a_separate_file|separate_files|one_file_per_language|a_file_per_language|a_file_for_each|one_file_for_each|each_to_its_own_file",
        "translate|turn|put|convert <file> into|to|in {languages} [and] save|write|put each|them in|to|into|as [a|its|their] separate|own file|files",
        wraps=True,
    ),
    _kind(
        "proofread", partial(authored.proofread, plan=plan_offline),
        "fix|correct|check|mend|repair|remove|improve|look_over|find [all] [the|any|my|our] spelling|typos|typo|grammar|mistakes|spelling_mistakes|spelling_errors|grammar_mistakes|punctuation|spelling_and_grammar|grammar_and_spelling|wording|style in|of|inside|from <file>", "spell-check|spellcheck|spell_check|proof_read|proof-read <file>", "check <file> for typos|mistakes|spelling|grammar|spelling_mistakes|errors",
        "korrigiere|korrigier|verbessere|prüfe [die] [rechtschreibung|fehler|tippfehler] [in|von] <datei>", "corrige [les] [fautes|l'orthographe] [de|dans] <fichier>",
        wraps=True,
    ),
    _kind(
        "note", lists.note,
        f"{_HAVE}@told [to|that] {{words}} [-|–|—|so|and] [please|pls] {_PUT} it|that|this|them@pronoun [down] [please] to|into|in|on|onto <file>",
        f"{{words}} [-|–|—|so|and] [please|pls] {_PUT} it|that|this|them@pronoun [down] to|into|in|on|onto <file>",
        f"{_PUT} [down] [this|it] [down] to|into|in|on|onto <file> -|–|—|that {{words}}",
        "<file> needs|should_get|should_have|gets|lacks|is_missing [one|another|a|an] [more|extra] [line|item|entry|point|task] [saying|that_says|with|called|:] {words}",
        f"{_HAVE}@told [to|that] {{words}} to|into|in|on|onto <file>",
    ),
    _kind("item", partial(lists.item, plan=plan_offline), f"{_ADD} {{words}} to|on|onto <file>"),
    _kind(
        "tick", lists.tick,
        "tick|check|cross|strike [off] {words} off|in|on|from|as_done_in|as_done_on <file>", "tick_off|check_off|cross_off|cross_out {words} [in|on|from <file>]", "tick {words}",
        "mark|set|flag|put {words} in|on <file> as|to done|finished|complete|completed|ticked", "mark|set|flag|put {words} as|to done|finished|complete|completed|ticked [in|on <file>]",
        "untick|uncheck|reopen|re-open@open {words} [in|on|off <file>]", "mark|set {words} in|on <file> as|to open|not_done|undone@open", "mark|set {words} as|to open|not_done|undone@open [in|on <file>]",
        "{words} is done [-|–|and|so] tick|mark|check|cross it|that off|as_done [in|on|from <file>]",
    ),
    _kind(
        "take off", lists.take_off,
        f"{_AWAY}|take|cross [the] item|entry|line|task|point|todo [called|saying|with|that_says] {{words}} from|off|in|on|of <file>", f"take|strike|scratch|{_AWAY} {{words}} off|from [the|my|our] {{file}} list",
        "take|scratch {words} off <file>",
    ),
    _kind(
        "open items", lists.show,
        f"what_is|what's|whats|what_are|which_are|{_GIVE} [me] [everything|all|anything|what_is|what's|the] [still|yet] {_STILL} [to_do] <in>|on <file>", f"what|which {_ITEM} are|is [still|yet] {_STILL} [<in>|on <file>]", f"{_GIVE} [me] [all] [the|my|our] {_STILL} {_ITEM} [<in>|on <file>]",
        f"how_many|count@count [of] [the|my] [{_ITEM}] [are|is|have_i|do_i_have|do_i|have_i_got|do_we_have] [still] [got|have] {_STILL} [to_do] [<in>|on <file>]", f"how_many|count@count [the] {_STILL} {_ITEM} [are] [there] [<in>|on <file>]", "what|which|how_many@count [of] [the] [things|items|tasks] <in>|on <file> are|is done|finished|ticked|completed@done",
        f"what|which|how_many@count [{_ITEM}] <in>|on <file> are|is [still] {_STILL}", f"what_is|what's|whats|what_are|which_are|which|what [{_ITEM}] [are|is] done|finished|ticked|completed@done <in>|on <file>",
    ),
    _kind(
        "write", texts.write,
        f"{_WRITE} [a|the|down] [text|words|line|sentence|note|following] [saying|that_says] {{quote}} to|into|in|as|down [a|the] [new] [file|document|note] [called|named] {{out}}",
        f"{_WRITE} {{quote}} to|into|in|as <out>",
        f"{_WRITE}|put [this|that|these|the] [following] [text|words|lines|note|list|down|content] to|into|in|as <out> : {{body}}", f"{_WRITE} to|into|in <out> [this|the_following] [text] : {{body}}",
        "create|make|start|generate|write|save [me] <out> with|containing|saying|that_says|that_contains|of [the|these|those] [following] {n} lines|items|points|bullets|entries|things|rows@rows [in_it] [:|-|–] {words}",
        "create|make|start|generate|write|save [me] <out> with|containing|saying|that_says|that_contains [the|this|these] [text|content|contents|words|lines|following] {quote}",
        "create|make|start|generate|write|save [me] <out> [with|containing|saying|that_says|that_contains] [the|this|these] [text|content|contents|words|lines|following] : {body}",
        "create|make|start [me] a|an [new] [text|markdown] file|note|document with|containing|saying [the] [text|content] {quote}",
        "create|make|start [me] a|an [new] [text|markdown] file|note|document [with|containing] [the] [text|content] : {body}",
        f"{_WRITE} {{quote}} to|into|in a [new] [text] file|note|document", f"{_WRITE} [this|that|the] [following] [text] to|into|in a [new] [text] file|note|document : {{body}}", f"{_WRITE} {{quote}} [down]",
        "create|make|start [me] [a|an] [new] [empty|blank] [text|markdown] [file|note|document|list] [called|named] {out}",
        f"{_WRITE} this|it|the_following [down] : {{body}}", "[take|make|write|leave|add|save|keep] [me] [down] [a] [new|quick|short] note|memo [down] : {body}", "[new] <out> : {body}", "{verb} [this|that|these|the_following] [down|line|words|text] to|into|in|on|onto|inside <out> : {body}", "{verb} {quote} [down] to|into|in|on|onto|inside <out>", "make|take|leave|put_down|write_down|jot_down|write|keep|add|save a [quick|short] note [for_me|for_us|for_myself] that|saying|to {words}",
        f"{_WRITE} {{out}} with|containing {{quote}}",
    ),
    _kind(
        "append", texts.append,
        "append {quote} [to] [the] [end] [of] <file>", f"{_ADD} [a|the] [new] [line|text|entry|item|row|sentence|note|point|paragraph] [saying|that_says|with] {{quote}} to|at|on|onto|in|into [<end>] [of] <file>",
        "{verb} [the] [words|word|line|text|sentence|reminder|entry] {quote} [on] to|at|on|onto|in|into <end> [of] <file>", "{verb} [the|a] words|word|line|text|sentence|entry [saying] {words} [on] to|at|on|onto|in|into <end> [of] <file>",
        f"{_ADD} [the] words|word|text|sentence {{words}} [on] to|at|on|onto|in <end> [of] <file>", f"{_ADD} [a|the] [new] line|text|entry|item|sentence|note|point|paragraph saying|that_says|which_says|reading|that_reads {{words}} to|at|on|onto|in [<end>] [of] <file>",
        "append [this|the_following] to|at [the] [end] [of] <file> : {body}", "add|append|put [this|the|these] [following|line|lines|text] [to|at] [the] [end|bottom] [of] <file> : {body}",
        "add|append to <file> : {body}", "add|append to <file> {quote}", "append|add {quote} to|at [the] end [of] [the] [file]",
    ),
    _kind(
        "prepend", texts.add_first,
        f"{_ADD}|prepend {{words}} to|at|on|onto|in [the] [very] top|start|beginning|front|head of <file>", f"{_ADD}|prepend [this|these|the_following] to|at|on [the] [very] top|start|beginning of <file> : {{body}}", "prepend {words} to <file>",
    ),
    _kind(
        "cut", texts.cut,
        "split|chop|cut|break|divide|slice|separate [up] <file> [up] [apart] into|in|every|after|at|by {words}",
    ),
    _kind(
        "take out", texts.take_out,
        "remove|delete|drop|take_out|strip|erase [all|every|each] [the] [word|words|text|occurrences] [of] {quote} [everywhere] from|in|of <file>",
    ),
    _kind(
        "replace", texts.replace,
        "replace|substitute|swap|exchange [all|every|each] [the] [occurrence|occurrences|instance|instances|word|text] [of] {find} with|by|for|through [the] [word|text] {replacement} [everywhere] in|inside|within|of|throughout <file> [<save>]",
        "change|turn|rename|correct|update|fix|edit [all|every|each] [the] [occurrence|occurrences|instance|instances|word|text] [of] {find} to|into|in [the] [word|text] {replacement} [everywhere] in|inside|within|throughout <file> [<save>]",
        "in|inside|within <file> replace|substitute|swap [all|every] [the] [occurrences|word] [of] {find} with|by|for {replacement} [everywhere]",
        "in|inside|within <file> change|rename|correct|turn [all|every] [the] [occurrences|word] [of] {find} to|into {replacement} [everywhere]",
        "find {find} and replace [it|them] with|by {replacement} in|inside|within|throughout <file>", "find and replace {find} with|by {replacement} in|inside|within <file>",
        "replace|substitute|swap [all|every] {find} in|inside|within|throughout <file> with|by|for {replacement}", "replace [all] [the] [word] {find} in|inside|within <file>",
        "replace [all|every] {quote} [everywhere] in|within <file>", "replace|substitute|swap [all|every] {find} with|by {replacement}",
    ),
    _kind(
        "count", texts.count,
        "how many {unit} are [there] [<in>] <file>", "how many {unit} does|do|has <file> have|contain|got|hold", "how many {unit} <in> <file>", "count [me] [all] [the] {unit} <in> <file>",
        "count [the] {unit} and {unit2} <in> <file>", "how many {unit} and {unit2} are [there] [<in>] <file>", "how many {unit} and {unit2} does <file> have|contain",
        "count [me] [all] [the] {unit} <in> <file> and <other>", "how many {unit} are [there] [<in>] <file> and <other> [together]", "how many {unit} do <file> and <other> have [together]",
        "word|line|character|letter count <in>|for <file>", "what_is|what's|whats the word|line|character count <in>|for <file>", "how long is <file>", "{unit} <in> <file>", "number of {unit} <in> <file>",
        "how often|many_times does|do|is|are [the] [word|text|name] {quote} appear|occur|come_up|turn_up|crop_up|mentioned|used|there|found|show_up <in> <file>", "how often|many_times does|do|is|are [the] [word|text|name] {needle} appear|occur|come_up|turn_up|crop_up|mentioned|used|found|show_up <in> <file>",
        "count [how_often] [the] [occurrences|word|text|mentions] [of] {quote} [<in>] <file>", "count [the] occurrences|mentions of {needle} in|within <file>", "how many {quote} are [there] in <file>",
    ),
    _kind(
        "pick lines", texts.pick,
        f"{_GIVE}|read|what_is|what's|what_are|keep [me] [only] [the] first|top@first {{n}} lines|line <in> <file> [<save>]", f"{_GIVE}|read|what_is|what's|what_are|keep [me] [only] [the] last|bottom@last {{n}} lines|line <in> <file> [<save>]",
        f"{_GIVE}|read|what_is|what's [me] [the] first|top@first line@one <in> <file>", f"{_GIVE}|read|what_is|what's [me] [the] last|bottom@last line@one <in> <file>",
        "[the] first|top@first {n} lines <in> <file>", "[the] last|bottom@last {n} lines <in> <file>", "[the] first|top@first line@one <in> <file>", "[the] last|bottom@last line@one <in> <file>", "head@first [of] <file>", "tail@last [of] <file>",
        f"{_GIVE}|read [me] [the] {{n}} first@first lines <in> <file>", f"{_GIVE}|read [me] [the] {{n}} last@last lines <in> <file>",
        f"{_GIVE}|search|grep|extract|pick|filter|keep [me] [out] {_LINES} <in> <file> [that|which] [do] {_HAS} [the] [word|text] {{needle}} [<save>]",
        f"{_GIVE}|search|grep|extract|pick|filter|keep [me] [out] {_LINES} <in> <file> [that|which] without|lacking|not_containing|don't_contain|do_not_contain|not_mentioning|don't_mention|do_not_mention|doesn't_contain|don't_include@no [the] [word|text] {{needle}} [<save>]",
        f"{_GIVE}|search|grep|extract|pick|filter|keep [me] [out] {_LINES} [that|which] [do] {_HAS} [the] [word|text] {{needle}} in|from|of <file> [<save>]",
        f"{_GIVE}|search|grep|extract|pick|filter|keep [me] [out] {_LINES} [that|which] without|not_containing|don't_contain|do_not_contain|don't_mention@no [the] [word|text] {{needle}} in|from|of <file> [<save>]",
        f"{_GIVE}|pull|put|copy|extract|pick|filter [me] [out] [all] [the] {{needle}} lines|line|entries <in> <file> [<kept>]", f"{_GIVE}|pull|put|copy|extract|pick|filter [me] [out] [all] [the] {{needle}} lines|line|entries <in> <file> to|into|in <out>",
        f"what|which lines <in> <file> [do] {_HAS} [the] [word|text] {{needle}}", "grep [for] {needle} in|from|within <file> [<save>]", "grep {needle} <file>", "search [in|through] <file> for [the] [word|text|lines] [with] {needle} [<save>]",
        "search|look [for] [the] [word|text] {needle} in|inside|within|through <file> [<save>]", "where is|does|are [the] [word] {needle} [mentioned|appear|occur|used] in|within <file>", "find [the] [word|text] {quote} in|within <file>", f"{_LINES} {_HAS} {{needle}} in|from|of <file>",
        f"{_LINES} <in> <file> {_HAS} {{needle}}", "find|show [me] [every|all] [the] mention|mentions|occurrence|occurrences of {needle} in|within <file>",
    ),
    _kind(
        "marked lines", texts.marked,
        f"{_GIVE}|what_are|which_are|extract|collect|gather|pull [me] [out] [all] [the|our|my] [open] {_TODO} in|from|of|inside|within <file> [<save>]",
        f"[all] [the] [open] {_TODO} in|from|of|inside|within <file> [<save>]",
    ),
    _kind(
        "sort lines", texts.sort,
        "sort@sort [all] [the] [lines|names|entries|words] [<in>] <file> [by_name|alphabetically|ascending|a_to_z|from_a_to_z] [and] [remove_duplicates|drop_duplicates|without_duplicates|remove_the_duplicates|unique@unique] [<kept>]",
        "sort@sort [all] [the] [lines|names|entries] [<in>] <file> descending|in_reverse|reversed|backwards|z_to_a|from_z_to_a|in_descending_order|in_reverse_order|reverse_alphabetically@down [<kept>]",
        "sort@sort [the] [lines|names|entries] [<in>] <file> [alphabetically] <into> <out>",
        f"{_AWAY}|kick|throw|take|weed|clear@removing [all] [the] duplicate|duplicated|repeated|double@unique lines|entries|ones from|in|of|out_of <file> [<kept>]",
        f"{_AWAY}|kick|throw|take|weed|clear@removing [all] [the] {_ROW}@unique from|in|of|out_of <file> [<kept>]", "dedupe|deduplicate@unique [the] [lines] [<in>] <file> [<kept>]",
        f"{_GIVE}|keep [me] [only] [the] unique|distinct@unique lines|entries|words <in> <file> [<kept>]", "[the] unique|distinct@unique lines <in> <file> [<kept>]",
        "alphabetise|alphabetize@sort [all] [the] [lines|names|entries|words] [<in>] <file> [<kept>]",
        "put|bring|get [the] [lines] [<in>] <file> in|into alphabetical@sort order [<kept>]",
    ),
    _kind(
        "merge", texts.merge,
        *(
            f"{_GLUE} [together] [the] [files|texts] {files} [together] [into|to|as|in] [one|a|the] [single|new] [file|document] [called|named] [{{out}}]"
            for files in ("{file} and|with|plus|& {other}", "{file} {other} and|& {third}", "{file} and {other} and {third}", "{file} {other} {third} and {fourth}")
        ),
        *(
            f"{_GLUE} {files} [together|one_after_the_other|one_after_another|end_to_end|back_to_back] [<save>]"
            for files in ("{file} and|with {other}", "{file} {other} and {third}")
        ),
        *(
            f"{{verb}} {files} [together|one_after_the_other|one_after_another|end_to_end|back_to_back] into|in [one|a] [single|new] [file] [called|named] <out>"
            for files in ("{file} and|with {other}", "{file} {other} and {third}")
        ),
    ),
    _kind(
        "rename", texts.move,
        "rename|move|call <file> to|into|as <out>", "rename|move <file> to|into|as {out}", "rename|move <file>", "copy|duplicate|clone@copying <file> to|into|as|under <out>", "copy|duplicate|clone|back_up|backup@copying <file>",
        "make|create|save|keep a copy|backup|duplicate@copying <in> <file> [called|named|as|to|in|at|under] [the] [name] <out>", "make|create|save|keep a copy|backup|duplicate@copying <in> <file>",
        "change|swap|switch the name of <file> to|into|for <out>", "make|create|save|keep|put a copy|backup|duplicate@copying <in> <file> in|into|to|under [a|the|my|our] [new] folder|directory [called|named] {folder}", "give <file> [the|a] [new] name {out}", "{verb} <file> [over|across|away] to|into|in [the|my|our] {folder} folder|directory", "rename|call <file> {out} [from_now_on]", "rename|call <file> to|into|as {out} [from_now_on]",
        "copy|duplicate@copying <file> to|into|in [a|the|my|our] [new] folder|directory [called|named] {folder}", "move|put <file> to|into|in [a|the|my|our] [new] folder|directory [called|named] {folder}",
        "move|put <file> to|into|in [the|my|our] {folder} folder|directory", "copy|duplicate@copying <file> to|into|in [the|my|our] {folder} folder|directory",
    ),
    _kind("delete", texts.delete, "delete|remove|erase|trash|rm|get_rid_of|throw_away|bin|ditch|scrap|discard <file>", f"throw|put|chuck|toss|move|drop|send|sling <file> in|into|to [the] {_BIN}", "throw|chuck|toss <file> away|out"),
    _kind(
        "remind", reminding.remind,
        *(
            f"{ask} {who} {link} {{what}}"
            for who in ("{who}", "{who} and {who2}")
            for ask in ("remind|nudge|ping|alert|notify", "send|give a reminder to")
            for link in ("to", "that", "about", "of", "it's_time_to|it_is_time_to|we_need_to|i_need_to")
        ),
        "remind|nudge|ping|alert|notify the@all team|channel|group|thread|others to|that|about|of {what}", "remind|nudge|ping|alert|notify {who} : {body}", "remind|nudge|ping {who} {quote}",
        "remind|nudge|ping|alert|notify all@all of us to|that|about|of {what}", "remind|ping|notify the@all team|channel|group {quote}", "remind|ping|notify the@all team|channel|group : {body}",
        "set|create|add|make|schedule [me] a reminder [for] {who} to|that|about|of|for {what}", "set|create|add|make|schedule [me] a reminder to|that|about|of|for {what}", "set|create|add|make|schedule [me|up] a reminder [:] {body}", "set|create|add|make|schedule a reminder {quote}",
        "reminder : {body}", "reminder to|about|for {what}", "don't|dont|do_not let me forget to|about|that {what}", "don't|dont|do_not let us@all forget to|about|that {what}", "wake@waking me [up]", "wake me [up] to|for {what}", "warn|poke|buzz {who} to|that|about {what}", "warn|poke|buzz me", "tell@timed me to|that|about {what}", "tell@timed us@all to|that|about {what}", "remind {who} {what}", "remind me", "set|create|add a reminder",
    ),
    _kind(
        "ideas", partial(authored.thought_of, plan=plan_offline),
        "come_up_with|think_of|think_up|dream_up|invent|suggest|brainstorm|propose|make_up [me|us] {what}",
        f"{{lead}} [{{n}}] [some|a_few|any|few|good|new|other] {_ADVICE} for|about|on|how|to {{words}}", f"[{{n}}] [some|a_few|any|few|good|new|other] {_ADVICE} for|about|on|how {{words}}", "what|how|where should|shall i|we {words}", f"[i|we] need|want|give_me|find|find_me|any [me|us] [a|an|some|another] [catchy|good|short|funny|nice|better|new] [{{n}}] {_THOUGHT}|title|name|headline|motto|caption for|about our|my|the|a|an {{words}}",
        f"{_GIVE}|tell|i_need|any [me|us] [some|a_few|a_couple_of|other|more|the|your] [best] {_THOUGHTS} {{words}}", f"{_GIVE}|tell|i_need [me|us] {{n}} [good|new|other|short|funny|creative] {_THOUGHTS} {{words}}", f"tell|give|sing [me|us] [a|an|another] [good|short|funny|silly] {_THOUGHT} [{{words}}]",
        wraps=True,
    ),
    _kind(
        "phrase", partial(authored.translated, plan=plan_offline),
        "what_is|what's|whats|how_do_you_say|how_do_i_say|how_would_you_say|how_to_say|say|translate|put [the] [word|phrase|sentence] [for] {quote} in|into|to {language}",
        "{lead} {quote} [is|are|be|mean|means|called|said] in|into {language}", "put|turn|get|render|do|convert|have|change|switch|give_me|i_need|i_want <file> in|into|to {language}",
        "how_do_you_say|how_do_i_say|how_would_you_say|how_to_say|what_is_the_word_for|what's_the_word_for {words} in {language}", "what_is|what's|whats {words} in {language}", "what_does {quote} mean in {language}", "[the] {language} word for {words}", "what_is|what's|whats [the] {language} [word] for {words}",
        wraps=True,
    ),
    _kind("compare", authored.compared, "compare|diff <file> and|with|to|against <other>", "what_is|what's [the] difference|differences between <file> and <other>", "how do|does <file> and <other> differ"),
    _kind(
        "post", reminding.post, "post|say|write|announce {quote} here|in_this_thread|in_this_channel|in_the_channel|in_the_thread|to_the_channel|to_the_team|to_everyone",
        "say|post|announce {quote}", "tell|message {who} {quote}", "tell the team|channel {quote}",
    ),
    _kind("read", texts.read, f"{_GIVE}|open|read|cat|view [me|us|out] [the] [content|contents|text] [<in>] <file>", "what_is|what's|whats [inside|in] <file>", "what does <file> say|contain"),
    _kind("lines with", texts.mentions, f"{_GIVE}|print [me|us] [all|every|each] [of] [the] {{needle}} [lines|entries] in|inside|within|from <file>", late=True),
    _kind("write plain", texts.write_plain, f"{_WRITE} {{words}} to|into|in|as|down <out>", f"{_ADD}@adding {{words}} to|in|at|on|onto [<end>] [of] <out>", f"{_ADD}|note|write@adding {{words}} on|to|onto [my|our|the|a] [shopping|to-do|todo|task] list in|at <out>", "new|quick|another note -|–|: {words}", "note -|– {words}", "create|make|start|generate [me|us] <out> with|saying|containing|that_says|which_says|that_reads|that_contains [the] [text|words] {words}", "make|take|leave a note about {words}", late=True),
)  # fmt: skip
"""All kinds, the most particular first."""
