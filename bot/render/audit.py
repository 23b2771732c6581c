"""What a check of the audit chain says, in words."""

from bot.language.catalogue import Locale
from memory.model.audit import BrokenRow, Fault, Intact


def chain_verdict(_: Locale, found: Intact | BrokenRow) -> str:
    """That all is well, or which row is broken and how."""
    if isinstance(found, Intact):
        text = _.ngettext(
            "The audit log is intact: {count} row.",
            "The audit log is intact: {count} rows.",
            found.rows,
        )
        return text.format(count=f"{found.rows:,}")
    text = {
        Fault.OWN_HASH: _("Row {row} of the audit log ({action}, {time}) was changed."),
        Fault.PREVIOUS_HASH: _(
            "Rows of the audit log are missing, added or moved before row {row} ({action}, {time})."
        ),
    }[found.fault]
    return text.format(row=found.seq, action=found.action, time=f"{found.at:%Y-%m-%d %H:%M:%S}")
