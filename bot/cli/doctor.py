"""`orchestra doctor`."""

import asyncio
from pathlib import Path

from bot.checkup.doctor import Finding, examine
from bot.config.settings import load
from bot.language.catalogue import ENGLISH
from memory.model.errors import Misconfigured


def checkup(*, config: Path | None, data: Path | None, workspace: Path | None) -> int:
    """Print the findings; 1 if something that is needed or was set up is broken, else 0."""
    try:
        settings = load(config=config, data=data, workspace=workspace)
        if settings.slack is None and settings.discord is None:  # then it is a chat's folder
            settings = load(config=config, data=data, workspace=workspace, per_workspace=True)
    except Misconfigured as error:
        print(Finding("settings", "broken", "can't be used", error.user_text).line())
        return 1
    findings = asyncio.run(examine(settings))
    for finding in findings:
        print(finding.line())
    broken = sum(finding.state == "broken" for finding in findings)
    text = ENGLISH.ngettext("{count} problem to fix.", "{count} problems to fix.", broken)
    print("\n" + (text.format(count=broken) if broken else ENGLISH("Everything you set up works.")))
    return 1 if broken else 0
