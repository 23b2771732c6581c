"""The command line: `orchestra`."""

import sys


def main() -> None:
    """Run the command line; errors are one sentence on stderr, never a traceback."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["version"], ["-V"]):
        from bot.cli.version import version_line

        print(version_line())
        return
    from bot.cli.app import run

    sys.exit(run(arguments))
