"""Which function does what was said: one for each name of the table, and for each kind of command."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from bot.conversation.context import Context
from bot.language import intents
from bot.language.intents import Command
from bot.later import Later
from planner.understanding.not_work import small_talk

if TYPE_CHECKING:
    from bot.conversation import (
        about,
        budgets,
        following,
        people,
        project_secrets,
        runs,
        schedules,
        switch,
        teaching,
        templates,
        understanding,
    )
    from bot.conversation.plans import allowances, approvals, ask, policy, quotas, rerun
    from bot.conversation.projects import orders
else:
    about = Later("bot.conversation.about")
    budgets = Later("bot.conversation.budgets")
    following = Later("bot.conversation.following")
    people = Later("bot.conversation.people")
    project_secrets = Later("bot.conversation.project_secrets")
    runs = Later("bot.conversation.runs")
    schedules = Later("bot.conversation.schedules")
    switch = Later("bot.conversation.switch")
    teaching = Later("bot.conversation.teaching")
    templates = Later("bot.conversation.templates")
    understanding = Later("bot.conversation.understanding")
    allowances = Later("bot.conversation.plans.allowances")
    approvals = Later("bot.conversation.plans.approvals")
    ask = Later("bot.conversation.plans.ask")
    policy = Later("bot.conversation.plans.policy")
    quotas = Later("bot.conversation.plans.quotas")
    rerun = Later("bot.conversation.plans.rerun")
    orders = Later("bot.conversation.projects.orders")

Handler = Callable[[Context, Any], Awaitable[None]]

BY_NAME: Final[dict[str, Callable[[Context], Awaitable[None]]]] = {
    "request.again": ask.plan_again,
    "files.keep": ask.keep_files,
    "run.status": runs.show_status,
    "run.undo": rerun.roll_back,
    "agents.show": runs.show_agents,
    "home.show": about.show_home,
    "board.show": about.show_board,
    "board.hide": about.hide_board,
    "help": switch.show_help,
    "person.link": people.ask_code,
    "place.confirm": people.confirm_place,
    "roles.show": people.show_roles,
    "budget.show": budgets.show_budgets,
    "secrets.list": project_secrets.show,
    "policy.show": policy.show,
    "quota.show": quotas.show_quotas,
    "templates.list": templates.list_templates,
    "work.stop": switch.stop,
    "work.stop_all": switch.stop_all,
    "work.release": switch.release,
    "work.release_all": switch.release_all,
}


async def _steer(context: Context, command: intents.Steer) -> None:
    if not await schedules.steered(context, command):
        await runs.steer(context, command)


async def _fork(context: Context, command: intents.Fork) -> None:
    timed = None if command.run else await following.retimed(context, command.text)
    if timed is None:
        await rerun.fork(context, command.text, command.run)
    else:
        await handle(context, timed)


async def _ignore(context: Context, _command: intents.Ignore) -> None:
    async with context.deciding():
        return


async def _talk(context: Context, command: intents.SmallTalk) -> None:
    _ = context.locale
    if command.what == "talk.thanks" and context.state.plan:
        text = _("You're welcome. The plan still waits; say `run` to start it.")
    elif command.what == "talk.thanks":
        text = _("You're welcome. Say what you want done next.")
    elif command.what == "talk.aside":
        text = _("All right. Say what you want done whenever you like.")
    else:
        text = small_talk(command.text) or _("Hello! Say what you want done, or say `help`.")
    await context.just_reply(text)


async def _unclear(context: Context, command: intents.Unclear) -> None:
    await context.just_reply(context.locale.sentence(command.say))


BY_KIND: Final[dict[type[Any], Handler]] = {
    intents.SmallTalk: _talk,
    intents.DidYouMean: understanding.ask_which,
    intents.Meant: understanding.take,
    intents.NewRequest: lambda context, command: ask.new_request(context, command.text),
    intents.AnswerGiven: lambda context, command: ask.answered(
        context, command.answers, command.remarks
    ),
    intents.DefaultsTaken: lambda context, command: ask.take_defaults(context, command.request),
    intents.DropRequest: lambda context, command: ask.drop_request(context, command.request),
    intents.ChangePlan: ask.change,
    intents.WhatIf: lambda context, command: ask.what_if(context, command.plan, command.text),
    intents.TakeIt: lambda context, command: ask.take_it(context, command.request),
    intents.Approve: approvals.approve,
    intents.Withdraw: lambda context, command: approvals.withdraw(context, command.plan),
    intents.Refuse: approvals.refuse,
    intents.DryRun: lambda context, command: approvals.dry_run(context, command.plan),
    intents.Steer: _steer,
    intents.Rerun: rerun.rerun,
    intents.Fork: _fork,
    intents.BudgetSet: budgets.set_budget,
    intents.BudgetMore: allowances.allow,
    intents.BudgetRemove: budgets.remove_budget,
    intents.BudgetPressed: budgets.pressed,
    intents.QuotaSet: quotas.set_quota,
    intents.Feedback: runs.rate,
    intents.PersonAnswered: runs.answer_task,
    intents.RoleSet: people.set_role,
    intents.RoleTaken: people.take_role,
    intents.ForgetSecret: project_secrets.forget,
    intents.CodeTyped: people.type_code,
    intents.UnlinkAccount: people.unlink,
    intents.SetPolicy: policy.set_rule,
    intents.EndPolicy: policy.end_rule,
    intents.ExplainPolicy: policy.explain_it,
    intents.Lend: policy.lend,
    intents.EndLent: policy.end_lent,
    intents.Lacking: understanding.ask_for,
    intents.AskAbout: about.answer,
    intents.Teach: teaching.teach,
    intents.Forget: teaching.forget,
    intents.Propose: teaching.decide,
    intents.TemplateShow: lambda context, command: templates.show_template(context, command.name),
    intents.SaveTemplate: templates.save_template,
    intents.ScheduleOrder: schedules.obey,
    intents.ProjectOrder: orders.obey,
    intents.Unclear: _unclear,
    intents.Ignore: _ignore,
}


async def handle(context: Context, command: Command) -> None:
    """Do what was said. Raises what the action raises."""
    if isinstance(command, intents.Named):
        await BY_NAME[command.name](context)
    else:
        await BY_KIND[type(command)](context, command)
