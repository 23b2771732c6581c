"""One person's accounts: a code from one of them, typed with the other, makes them one person.

Whoever types it has to say that the account that asked for it is theirs. Roles and budgets follow
from then on, and both count once.
"""

from enum import StrEnum

from bot.actions.act import Act, action
from memory.model.authority import Right
from memory.model.base import Model
from memory.model.errors import BadInput, Conflict
from memory.model.identity import account
from memory.store.knowledge import people


class AskCode(Model):
    """A code for whoever acts. `private`: nobody else reads the answer."""

    private: bool


class CodeGiven(Model):
    """The code, and for how long it may be typed."""

    code: str
    minutes: int


class TypeCode(Model):
    """The code that another account was given. `sure`: that account was shown, and is theirs."""

    code: str
    private: bool
    sure: bool = False


class Linking(StrEnum):
    """What typing a code came to."""

    LINKED = "linked"
    ASKED = "asked"
    """Is the other account theirs? Only they can say so now."""
    KNOWN = "known"
    """They were one person already."""
    WRONG = "wrong"
    """No such code, or it's over."""
    SEEN = "seen"
    """Others could read it, so it's void."""
    OFTEN = "often"
    """Too many codes in too short a time."""
    HELD = "held"
    """One of them was linked to somebody else before."""


class Typed(Model):
    """What typing a code came to, and the other account (`platform:workspace:user`), if any."""

    outcome: Linking
    code: str
    account: str = ""
    display: str = ""


class Unlink(Model):
    """The account to take away: "" the one that acts, else a whole id or a platform's name.

    `forget`: as if it had never been linked, which takes an admin.
    """

    account: str = ""
    forget: bool = False


class Unlinked(Model):
    """The account stands for itself again."""

    account: str
    forgotten: bool = False


@action("person.link")
async def ask_code(act: Act, given: AskCode) -> CodeGiven:
    """Give whoever acts a code. Raises Conflict where others can read it, or for too many."""
    act.must(Right.SEE)
    if not given.private:
        raise Conflict(
            "A code is for you alone. Write `link` to me in a direct message, or type `orchestra link`."
        )
    if not await people.tried(act.tx, act.person, at=act.now):
        raise Conflict("Too many codes in a short time; wait an hour and try again.")
    code = await people.offer(act.tx, act.person, at=act.now)
    await act.record("person.code_given", on=account(act.person.key))
    return CodeGiven(code=code, minutes=people.LIFE.seconds // 60)


@action("person.type_code")
async def type_code(act: Act, given: TypeCode) -> Typed:
    """Make the account that has this code and the one that types it one person, once sure."""
    act.must(Right.SEE)
    done = await _typed(act, given)
    other = {"other": done.account} if done.account else {}
    await act.record(f"person.code_{done.outcome}", on=account(act.person.key), **other)
    return done


@action("person.unlink")
async def unlink(act: Act, given: Unlink) -> Unlinked:
    """Take an account away from its person. Raises NotAllowed, BadInput, Conflict."""
    act.must(Right.SEE)
    key = await _mine(act, given.account)
    if given.forget or not act.people.are_one(key, act.person.key):
        act.must(Right.FORGET_LINK)
        done = await people.forget(act.tx, key)
    else:
        done = await people.unlink(act.tx, key)
    if not done:
        raise Conflict("That account isn't linked with another.")
    await act.record("person.link_forgotten" if given.forget else "person.unlinked", on=key)
    return Unlinked(account=key, forgotten=given.forget)


async def _typed(act: Act, given: TypeCode) -> Typed:
    if not await people.tried(act.tx, act.person, at=act.now):
        return Typed(outcome=Linking.OFTEN, code=given.code)
    if not given.private:
        await people.void(act.tx, given.code)
        return Typed(outcome=Linking.SEEN, code=given.code)
    taken = await people.take(act.tx, given.code, act.person, at=act.now)
    if taken is None:
        return Typed(outcome=Linking.WRONG, code=given.code)
    outcome = await _linked(act, taken, sure=given.sure)
    if outcome is not Linking.ASKED:
        await people.void(act.tx, given.code)
    return Typed(outcome=outcome, code=given.code, account=taken.account, display=taken.display)


async def _linked(act: Act, taken: people.Code, *, sure: bool) -> Linking:
    if act.people.are_one(taken.account, act.person.key):
        return Linking.KNOWN
    if not sure:
        return Linking.ASKED
    linked = await people.link(act.tx, taken, act.person, at=act.now)
    return Linking.LINKED if linked else Linking.HELD


async def _mine(act: Act, named: str) -> str:
    """The account that is meant: a whole id, or the person's only one on a platform."""
    if not named or ":" in named:
        return account(named or act.person.key)
    every = [account(act.person.key), *dict(await people.accounts_of(act.tx, act.person.key))]
    found = [key for key in every if key.startswith(f"{named.casefold()}:")]
    if len(found) != 1:
        raise BadInput(
            "Say which of your accounts: {accounts}.", accounts=", ".join(found or every)
        )
    return found[0]
