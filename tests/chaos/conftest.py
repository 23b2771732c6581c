"""Says at the end how many scenarios held."""

import pytest

ROOMS = ("tests/chaos/", "tests/restart/")
COUNTED = "chaos"
"""The property of a test that holds a line with figures of its own for the summary."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for all scenarios, and one for each that counted runs."""
    reports = [
        (outcome, report)
        for outcome in ("passed", "failed", "error")
        for report in terminalreporter.stats.get(outcome, ())
        if getattr(report, "nodeid", "").startswith(ROOMS)
    ]
    if not reports:
        return
    bad = {report.nodeid for outcome, report in reports if outcome != "passed"}
    every = {report.nodeid for _, report in reports}
    for _, report in reports:
        for name, told in report.user_properties:
            if name == COUNTED and report.when == "call":
                terminalreporter.write_line(f"chaos: {told}")
    terminalreporter.write_line(f"chaos: {len(every - bad)} of {len(every)} scenarios held")
