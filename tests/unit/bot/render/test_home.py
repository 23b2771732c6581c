"""A person's home in words, without a chat around it."""

from bot.language.catalogue import ENGLISH
from bot.queries.about.home import Home
from bot.render.about.home import home_message
from memory.model.agents.spec import Catalogue
from memory.model.base import ProjectId
from tests.conftest import SetClock

NOBODY = Catalogue(agents=())


def test_whoever_is_in_no_project_is_told_how_to_begin_and_nothing_else(clock: SetClock) -> None:
    out = home_message(ENGLISH, Home(names={}), NOBODY, now=clock.now())
    assert out.text.startswith("Say what you want done")
    assert len(out.sections) == 1


def test_without_a_model_the_tools_are_named(clock: SetClock) -> None:
    home = Home(names={ProjectId("p"): "sales"}, others=1)
    text = home_message(ENGLISH, home, NOBODY, now=clock.now()).text
    assert "No model is connected; I work with the built-in tools." in text
    assert "Nothing waits for you. 1 more waits for others." in text
