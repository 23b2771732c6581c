"""Rows of the table about who has to approve what. Their words are read exactly, never by likeness."""

from typing import Final

from bot.language.routing.row import Row
from bot.language.routing.row import takes as _takes
from bot.language.routing.row import words as _words
from memory.model.text import sentence

_OF_PROJECT: Final = "/v1/projects/{project}"

GOVERNING: Final[tuple[Row, ...]] = (
    Row(
        "policy.show", "project", sentence("show who has to approve what"), exact=True,
        phrases=_words("policy, policies, show policy, show the policy, approval policy, approval rules"),
        cli="orchestra policy show", api=f"GET {_OF_PROJECT}/policy",
    ),
    Row(
        "policy.explain", "project", sentence("say who has to approve something, and why"), exact=True,
        says=("policy explain publishing to blog/post.md", "who has to approve commands?"),
        cli="orchestra policy explain publishing", api=f"GET {_OF_PROJECT}/policy/explain",
        takes=_takes("text"),
    ),
    Row(
        "policy.set", "project", sentence("say whose approval something takes"), exact=True,
        says=(
            "policy: publishing to blog/ needs 2 approvers", "policy: over $5 needs @kim",
            "policy: reading under $0.50 needs nobody",
        ),
        cli="orchestra policy set", api=f"POST {_OF_PROJECT}/policy",
        takes=_takes("text!"), safe=False,
    ),
    Row(
        "policy.remove", "project", sentence("take such a rule away"), exact=True, says=("remove policy 1",),
        cli="orchestra policy remove 1", api=f"DELETE {_OF_PROJECT}/policy/{{number}}",
        takes=_takes("number!"), safe=False,
    ),
    Row(
        "approval.delegate", "project", sentence("let somebody approve for you while you're away"), exact=True,
        says=("while I'm away until Friday, @kim may approve for me",),
        cli="orchestra policy delegate", api=f"POST {_OF_PROJECT}/delegations",
        takes=_takes("person! text"), safe=False,
    ),
    Row(
        "approval.end_delegation", "project", sentence("let nobody approve for you any more"), exact=True, says=("end my delegation",),
        cli="orchestra policy end-delegation", api=f"DELETE {_OF_PROJECT}/delegations",
        takes=_takes("person"),
    ),
)  # fmt: skip
