"""Templates in words."""

from bot.chat import Outgoing, Section
from bot.language.catalogue import Locale
from bot.render.words import passage
from planner.template import SLOT, Library, Parameter, Template
from planner.templates.fill import written

SHOWN = 40


def library_message(_: Locale, library: Library) -> Outgoing:
    """Every template with what it does, and what is wrong with files that could not be read."""
    lines = [
        f"**{one.title}** `{one.name}`{' (this project)' if one.source == 'project' else ''} — "
        f"{passage(one.description, 200)}"
        for one in library.templates[:SHOWN]
    ]
    use = "Say for example `use the data-report template`, or `show template blog-post`."
    troubles = [f"⚠ {passage(text, 300)}" for text in library.problems[:5]]
    parts = ["\n".join(lines), use, *troubles]
    return Outgoing(sections=tuple(Section(text=part) for part in parts if part))


def template_message(_: Locale, template: Template) -> Outgoing:
    """One template: what it does, its steps and its parameters."""
    steps = "\n".join(
        f"{number}. {passage(_open(task.title), 120)} ({task.agent or task.type})"
        for number, task in enumerate(template.tasks, 1)
    )
    return Outgoing(
        sections=(
            Section(text=f"**{template.title}** `{template.name}` — {passage(template.description, 400)}"),
            Section(text=steps),
            Section(text=parameters_of(_, template) or "It takes no parameters."),
        )
    )  # fmt: skip


def parameters_of(_: Locale, template: Template) -> str:
    """The parameters, a line each."""
    return "\n".join(
        f"`{name}` — {passage(_about(_, one), 200)}" for name, one in template.properties.items()
    )


def _about(_: Locale, one: Parameter) -> str:
    choices = f" ({', '.join(one.choices)})" if one.choices else ""
    default = f"; else {_open(written(one))}" if written(one) else ""
    return f"{(one.question or one.description).rstrip('.')}{choices}{default}"


def _open(text: str) -> str:
    """The text with its slots as people read them."""
    return SLOT.sub(r"‹\1›", text)
