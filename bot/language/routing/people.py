"""Rows of the table about people: their roles, and their accounts."""

from typing import Final

from bot.language.routing.row import Row
from bot.language.routing.row import takes as _takes
from bot.language.routing.row import words as _words
from memory.model.text import sentence

_OF_PROJECT = "/v1/projects/{project}"

PEOPLE: Final[tuple[Row, ...]] = (
    Row(
        "roles.show",
        "project",
        sentence("show who may do what here"),
        phrases=_words("roles, who am i, whoami, members, who may approve, who can approve"),
        cli="orchestra project members list Shop",
        api=f"GET {_OF_PROJECT}/roles",
        takes=_takes("person"),
    ),
    Row(
        "role.set",
        "project",
        sentence("give somebody a role"),
        says=("make @kim approver",),
        cli="orchestra project members add Shop slack:T01:U01",
        api=f"PUT {_OF_PROJECT}/roles/{{person}}",
        takes=_takes("person! role!"),
        safe=False,
    ),
    Row(
        "person.link",
        "project",
        sentence("make your accounts on two platforms one person"),
        phrases=_words("link, link me, link my account, link my accounts, link accounts"),
        cli="orchestra link",
        api="POST /v1/me/codes",
    ),
    Row(
        "person.type_code",
        "project",
        sentence("type the code that your other account was given"),
        button="link",
        api="POST /v1/me/links",
        hidden=True,
    ),
    Row(
        "person.unlink",
        "project",
        sentence("take an account away from your others"),
        says=("unlink", "unlink discord"),
        cli="orchestra unlink",
        api="DELETE /v1/me/links/{account}",
    ),
)
