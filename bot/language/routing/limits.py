"""The rows of what is limited: money by budgets, the rest by quotas."""

from typing import Final

from bot.language.routing.row import Row
from bot.language.routing.row import takes as _takes
from bot.language.routing.row import words as _words
from memory.model.text import sentence

_OF_PROJECT: Final = "/v1/projects/{project}"

LIMITS: Final[tuple[Row, ...]] = (
    Row(
        "budget.show",
        "project",
        sentence("show the budgets"),
        phrases=_words(
            "budget, budgets, show budget, the budget, costs, money, spending, show budgets"
        ),
        cli="orchestra budget report",
        api=f"GET {_OF_PROJECT}/budgets",
        takes=_takes("agent person"),
    ),
    Row(
        "budget.set",
        "project",
        sentence("set a budget"),
        says=("budget $50 a month", "budget Claude $20 a day", "this run at most $2"),
        cli="orchestra budget set 50 --per month",
        api=f"PUT {_OF_PROJECT}/budgets/{{name}}",
        takes=_takes("amount! period agent name"),
        safe=False,
    ),
    Row(
        "budget.allow",
        "project",
        sentence("let more be spent for a while"),
        exact=True,
        says=("$2 more today", "let Claude spend $2 more this week"),
        cli="orchestra budget allow 2 --per week",
        api=f"POST {_OF_PROJECT}/budgets/allowances",
        safe=False,
    ),
    Row(
        "quota.show",
        "project",
        sentence("show how much may be taken up"),
        exact=True,
        phrases=_words("quota, quotas, show quota, show quotas, limits, my quota, the quotas"),
        cli="orchestra quota",
        api=f"GET {_OF_PROJECT}/quotas",
    ),
    Row(
        "quota.set",
        "project",
        sentence("set how much may be taken up"),
        exact=True,
        says=("quota messages 600 for this channel", "quota runs 40", "quota storage 50 GB"),
        cli="orchestra quota messages 600 --for project",
        api=f"PUT {_OF_PROJECT}/quotas/{{counted}}",
        safe=False,
    ),
    Row(
        "budget.remove",
        "project",
        sentence("take a budget away"),
        says=("remove the daily budget", "remove the budget for Claude"),
        cli="orchestra budget remove --per day",
        api=f"DELETE {_OF_PROJECT}/budgets/{{name}}",
        takes=_takes("period agent person name"),
        safe=False,
    ),
    Row(
        "budget.raise",
        "project",
        sentence("give a budget a new limit"),
        button="budget",
        api=f"PATCH {_OF_PROJECT}/budgets/{{budget}}",
        hidden=True,
    ),
    Row(
        "budget.prefer_cheap",
        "project",
        sentence("prefer local and cheaper agents"),
        api=f"POST {_OF_PROJECT}/budgets/prefer-cheap",
        hidden=True,
    ),
)
