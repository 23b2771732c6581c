"""What was spent lately, for pages that name no words."""

from datetime import timedelta

from bot.language.asking.periods import between
from bot.language.asking.subjects import By as By
from bot.language.asking.subjects import Subject
from bot.language.intents import AskAbout
from bot.queries.about.question import question
from bot.queries.about.spending import Bill, Forecast, bill, forecast
from bot.queries.asking import Asking


async def costs(asking: Asking, by: By, days: int) -> tuple[Bill, Forecast]:
    """The bill of the last days, and what this month will come to."""
    asked = await question(asking, AskAbout(topic="about.cost"))
    last = asked.today.last
    span = between(last - timedelta(days=days - 1), last, asked.zone)
    lately = asked.model_copy(update={"subject": Subject(by=by), "span": span})
    return await bill(asking, lately, ""), await forecast(asking, asked)
