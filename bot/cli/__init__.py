"""The command line: `orchestra`."""

import gc
import sys

OBJECTS = 50_000
"""After how many new objects Python looks for garbage; what a start loads is none, and looking takes an eighth of it."""


def main() -> None:
    """Run the command line; errors are one sentence on stderr, never a traceback."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["version"], ["-V"]):
        from bot.cli.version import version_line

        print(version_line())
        return
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    from bot.cli.app import run

    code = run(arguments)
    gc.freeze()  # else the interpreter looks at every object once more before it ends
    sys.exit(code)
