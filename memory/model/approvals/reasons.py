"""Why somebody's approval doesn't count, in sentences for people."""

from memory.model.agents.spec import EffectClass
from memory.model.text import text

TAKES_A_DECIDER = {
    EffectClass.CONFIGURE: text(
        "This plan changes a file that configures things, so an approver or the owner has to "
        "approve it."
    ),
    EffectClass.PUBLISH: text(
        "This plan publishes, so an approver or the owner has to approve it."
    ),
    EffectClass.EXEC: text(
        "This plan runs commands, so an approver or the owner has to approve it."
    ),
}
TAKES_ANOTHER = {
    EffectClass.CONFIGURE: text(
        "This plan changes a file that configures things and you asked for it, so another approver "
        "has to approve it."
    ),
    EffectClass.PUBLISH: text(
        "This plan publishes and you asked for it, so another approver has to approve it."
    ),
    EffectClass.EXEC: text(
        "This plan runs commands and you asked for it, so another approver has to approve it."
    ),
}
TAKES_OTHER_HANDS = text(
    "This plan is partly what you asked for, by a change or an answer, so someone else has to "
    "approve it; or whoever asked for it says yes to it first, and then you can."
)
TAKES_SOMEBODY_ELSE = text("In this project, someone else has to approve what you asked for.")
TOO_FEW = text("Too few of the people who approved this plan may still approve it.")
TAKES_THE_NAMED = text("In this project, only the people named for this may approve it.")
POLICY_TAKES_A_DECIDER = text("In this project, an approver or the owner has to approve that.")
BROKEN_RULE = text(
    "A rule on approvals in this project isn't as it was set, so nobody can approve under it: the "
    "database was changed by hand, or the keys here are others. Run `orchestra audit verify`, then "
    "have the owner set the rule again."
)

SANDBOX_RISK = text(
    "Direct messages with me are your own sandbox, where nothing is published, no commands run and "
    "no settings are changed. Ask for it in a project's channel."
)
SANDBOX_BUDGET = text(
    "Only an admin of this installation can change the budget of direct messages."
)
