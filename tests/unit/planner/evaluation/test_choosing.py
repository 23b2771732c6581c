"""Choosing and linking tools from what their descriptions say."""

import pytest

from planner.experience.actions import shipped_lexicon
from planner.experience.choosing import Chooser
from planner.experience.linking import Linker
from planner.experience.past import Experience, PastPlan
from planner.experience.tools import ToolCard

DESK = [
    ToolCard(id="hall_booking", desc="Hall Booking Tool"),
    ToolCard(id="hall_cancelling", desc="Cancel a hall"),
    ToolCard(id="search_halls", desc="Search for free halls"),
    ToolCard(id="hall_order_query", desc="Hall order inquiry"),
    ToolCard(id="special_evening_hall_booking", desc="Hall booking for evenings"),
    ToolCard(id="send_letter", desc="Sends a letter"),
    ToolCard(id="ferry_timetable", desc="Timetable of ferries"),
]

STUDIO = [
    ToolCard(id="Speech Writer", desc="Speech to text", takes=("audio",), gives=("text",)),
    ToolCard(id="Translator", desc="Translates text", takes=("text",), gives=("text",)),
    ToolCard(id="Painter", desc="Paints from text", takes=("text",), gives=("image",)),
    ToolCard(id="Dubber", desc="Adds sound", takes=("video", "audio"), gives=("video",)),
]


@pytest.mark.parametrize(
    ("request_text", "tools"),
    [
        ("Please cancel the hall.", ("hall_cancelling",)),
        ("Please book a hall for Monday.", ("hall_booking",)),
        (
            "Search for halls, then book a hall and send a letter to Kim.",
            ("search_halls", "hall_booking", "send_letter"),
        ),
    ],
)
def test_an_action_gets_the_tool_of_its_kind(request_text: str, tools: tuple[str, ...]) -> None:
    assert Chooser(DESK).chosen(request_text) == tools


def test_a_special_tool_needs_its_special_word() -> None:
    chosen = Chooser(DESK).chosen("Book a hall for a special evening")
    assert "special_evening_hall_booking" in chosen
    assert "special_evening_hall_booking" not in Chooser(DESK).chosen("Book a hall")


def test_what_is_quoted_as_content_chooses_no_tool() -> None:
    text = "Send a letter that says 'please cancel the hall and book the ferry for all of us'"
    assert Chooser(DESK).chosen(text) == ("send_letter",)


def test_nouns_do_not_begin_an_action() -> None:
    actions = shipped_lexicon().actions("I want to change my train order and check the hotel book")
    assert [sorted(action.families) for action in actions] == [["change"], ["look up"]]


def test_types_link_tools_even_against_the_order_of_mention() -> None:
    linker = Linker(STUDIO)
    assert linker.links(("Painter", "Speech Writer")) == (("Speech Writer", "Painter"),)
    assert linker.links(("Speech Writer", "Translator", "Painter")) == (
        ("Speech Writer", "Translator"),
        ("Translator", "Painter"),
    )
    assert linker.links(("Painter", "Dubber")) == ()


def test_links_by_type_never_close_a_circle() -> None:
    tools = [ToolCard(id=name, takes=("text",), gives=("text",)) for name in "abc"]
    assert Linker(tools).links(("a", "b", "c")) == (("a", "b"), ("b", "c"))


def test_results_link_to_the_parameters_of_their_name() -> None:
    tools = [
        ToolCard(id="find_person", parameters={"name": ""}, results={"person_id": ""}),
        ToolCard(id="pay_person", parameters={"person_id": "", "amount": ""}),
        ToolCard(id="ring_bell", parameters={"times": ""}, results={"done": ""}),
    ]
    linker = Linker(tools)
    assert linker.links(("find_person", "ring_bell", "pay_person")) == (
        ("find_person", "pay_person"),
    )


def test_without_results_parameters_promise_no_link_and_bare_tools_are_a_chain() -> None:
    bare = [ToolCard(id="a"), ToolCard(id="b")]
    told = [ToolCard(id="a", parameters={"x": ""}), ToolCard(id="b")]
    assert Linker(bare).links(("a", "b")) == (("a", "b"),)
    assert Linker(told).links(("a", "b")) == ()


def test_past_plans_that_are_no_chains_teach_what_is_linked() -> None:
    tools = [ToolCard(id=name, desc=name) for name in ("root", "left", "right")]
    fork = (("root", "left"), ("root", "right"))
    history = [
        PastPlan(request=f"do the fork number {n}", nodes=("root", "left", "right"), links=fork)
        for n in range(6)
    ]
    nodes, links = Experience(tools, history).plan("do the fork number 9")
    assert set(nodes) == {"root", "left", "right"}
    assert set(links) == set(fork)


def test_a_few_past_plans_do_not_hide_the_descriptions() -> None:
    history = [PastPlan(request="ferries on Sunday", nodes=("ferry_timetable",))]
    nodes, _ = Experience(DESK, history).plan("Please book a hall for Monday.")
    assert "hall_booking" in nodes


def test_past_plans_may_name_tools_that_are_gone() -> None:
    history = [PastPlan(request="do it", nodes=("gone", "send_letter"), links=())] * 3
    nodes, _ = Experience(DESK, history).plan("do it")
    assert "gone" not in nodes


def test_verbs_of_the_descriptions_begin_actions_of_their_own() -> None:
    tools = [
        ToolCard(id="Film Trundler", desc="Trundles a film", takes=("video",), gives=("video",)),
        ToolCard(id="Film Softener", desc="Softens a film", takes=("video",), gives=("video",)),
    ]
    nodes, links = Chooser(tools).plan("Soften trip.mp4 and trundle it")
    assert nodes == ("Film Softener", "Film Trundler")
    assert links == (("Film Softener", "Film Trundler"),)


def test_the_kind_of_a_file_is_known_by_its_ending() -> None:
    words = shipped_lexicon().actions("Print cat.png")[0].words
    assert "image" in words
