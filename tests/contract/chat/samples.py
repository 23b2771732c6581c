"""A card with everything on it."""

from bot.chat import Button, Fact, OutFile, Outgoing, Section, Tone, facts
from memory.model.base import sha256

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
CSV = b"region,revenue\nNorth,1\n"
FILES = {sha256(PNG): PNG, sha256(CSV): CSV}


def card(tone: Tone = "waiting", *, tasks: str = "1. **Draft** · ChatGPT") -> Outgoing:
    """A plan that waits, with a picture and a file."""
    return Outgoing(
        sections=(
            Section(text='Plan "Q3 report"', part="headline"),
            Section(text="Waiting for approval", part="state"),
            Section(text=tasks, full=f"{tasks}\n   ↳ SELECT 1", part="tasks"),
            facts(
                Fact(name="Effects", value="⚠ writes 1 file"),
                Fact(name="Cost", value="$0"),
                buttons=(
                    Button(action="approve:h", label="✅ Run", style="primary"),
                    Button(action="drop:h", label="❌ Drop", style="danger"),
                    Button(action="details:h", label="Details"),
                ),
                full="✅ run",
            ),
        ),
        files=(
            OutFile(name="plan.png", digest=sha256(PNG), media_type="image/png", title="The plan"),
            OutFile(name="my rows.csv", digest=sha256(CSV), media_type="text/csv"),
        ),
        reactions=("✅", "✏️", "🧪", "❌"),
        tone=tone,
    )


def ended() -> Outgoing:
    """The same once it is done, with votes."""
    return Outgoing(
        sections=(
            Section(text='"Q3 report"', part="headline"),
            Section(text="Done in 3 s", part="state"),
            Section(
                text="Was this good?",
                part="votes",
                buttons=(
                    Button(action="feedback:r:1", label="👍"),
                    Button(action="feedback:r:-1", label="👎"),
                ),
            ),
        ),
        reactions=("👍", "👎"),
        tone="done",
    )
