"""What a check of the audit log says, in words."""

from typing import assert_never

from bot.language.catalogue import Locale
from memory.model.audit import (
    AnchorFault,
    AuditVerdict,
    BrokenAnchor,
    BrokenApproval,
    BrokenRow,
    BrokenTerm,
    Fault,
    Intact,
)

TIME = "%Y-%m-%d %H:%M:%S"


def chain_verdict(_: Locale, found: AuditVerdict) -> str:
    """That all is well, or what is broken and how."""
    match found:
        case Intact():
            return _intact(_, found)
        case BrokenRow():
            return _row(_, found)
        case BrokenAnchor():
            return _anchor(_, found)
        case BrokenApproval():
            return _approval(_, found)
        case BrokenTerm():
            return _term(_, found)
        case _:
            assert_never(found)


def _intact(_: Locale, found: Intact) -> str:
    text = _.ngettext(
        "The audit log is intact: {count} row.",
        "The audit log is intact: {count} rows.",
        found.rows,
    ).format(count=f"{found.rows:,}")
    if 0 < found.sealed < found.rows:
        older = _("The first {count} are from before rows were sealed.")
        text += " " + older.format(count=f"{found.rows - found.sealed:,}")
    if found.anchors:
        noted = _.ngettext(
            "It keeps the {count} end noted outside.",
            "It keeps the {count} ends noted outside.",
            found.anchors,
        )
        text += " " + noted.format(count=f"{found.anchors:,}")
    return text


def _row(_: Locale, found: BrokenRow) -> str:
    text = {
        Fault.OWN_HASH: _("Row {row} of the audit log ({action}, {time}) was changed."),
        Fault.PREVIOUS_HASH: _(
            "Rows of the audit log are missing, added or moved before row {row} ({action}, {time})."
        ),
        Fault.FORGED: _(
            "Row {row} of the audit log ({action}, {time}) was changed, and its hash with it: its "
            "seal doesn't hold."
        ),
        Fault.UNKNOWN_KEY: _(
            "Row {row} of the audit log ({action}, {time}) is sealed with a key that isn't in the "
            "file of keys."
        ),
        Fault.UNSEALED: _(
            "Row {row} of the audit log ({action}, {time}) has no seal: it was written outside "
            "Orchestra, or its seal was removed."
        ),
        Fault.BEGINNING: _(
            "Rows of the audit log lost their seals before row {row} ({action}, {time})."
        ),
    }[found.fault]
    return text.format(row=found.seq, action=found.action, time=f"{found.at:{TIME}}")


def _anchor(_: Locale, found: BrokenAnchor) -> str:
    text = {
        AnchorFault.GONE: _(
            "Rows are missing from the audit log: row {row}, noted on {time}, isn't there."
        ),
        AnchorFault.DIFFERS: _(
            "Row {row} of the audit log isn't the one that was noted on {time}: the log was "
            "written anew."
        ),
        AnchorFault.FORGED: _("The note of {time} on row {row} doesn't hold: its seal is wrong."),
    }[found.fault]
    return text.format(row=found.anchor.seq, time=f"{found.anchor.at:{TIME}}")


def _approval(_: Locale, found: BrokenApproval) -> str:
    text = (
        _("The standing approval of plan {plan} by {person} ({time}) was changed or forged.")
        if found.schedule
        else _("The approval of plan {plan} by {person} ({time}) was changed or forged.")
    )
    return text.format(plan=found.plan[:8], person=found.person, time=f"{found.at:{TIME}}")


def _term(_: Locale, found: BrokenTerm) -> str:
    text = {
        "policies": _("Policy {on} of project {project} ({time}) was changed or forged."),
        "delegations": _("Delegation {on} in project {project} ({time}) was changed or forged."),
    }.get(
        found.kind,
        _("What plan {on} of project {project} asked for ({time}) was changed or forged."),
    )
    return text.format(on=found.on[:8], project=found.project, time=f"{found.at:{TIME}}")
