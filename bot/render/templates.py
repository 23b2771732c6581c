"""Templates in words."""

from bot.chat import Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.words import passage
from planner.template import SLOT, Library, Parameter, Template
from planner.templates.fill import written

SHOWN = 40


def library_message(_: Locale, library: Library) -> Outgoing:
    """Every template with what it does, and what is wrong with files that could not be read."""
    lines = [_line(_, template) for template in library.templates[:SHOWN]]
    use = _(
        "To use one, say `use the data-report template`, or look first: `show template blog-post`."
    )
    problems = [f"⚠ {passage(problem, 300)}" for problem in library.problems[:5]]
    parts = ["\n".join(lines), use, *problems]
    return Outgoing(sections=tuple(Section(text=part) for part in parts if part))


def _line(_: Locale, template: Template) -> str:
    own = f" {_('(this project)')}" if template.source == "project" else ""
    return f"**{template.title}** `{template.name}`{own} — {passage(template.description, 200)}"


def template_message(_: Locale, template: Template) -> Outgoing:
    """One template: what it does, its tasks and its parameters."""
    about = passage(template.description, 400)
    tasks = "\n".join(
        f"{number}. {passage(_open(task.title), 120)} ({task.agent or task.type})"
        for number, task in enumerate(template.tasks, 1)
    )
    texts = (
        f"**{template.title}** `{template.name}` — {about}",
        tasks,
        parameters_of(_, template) or _("It takes no parameters."),
    )
    return Outgoing(sections=tuple(Section(text=text) for text in texts))


def parameters_of(_: Locale, template: Template) -> str:
    """The parameters, a line each."""
    return "\n".join(
        f"`{name}` — {passage(_about(_, parameter), 200)}"
        for name, parameter in template.properties.items()
    )


def _about(_: Locale, parameter: Parameter) -> str:
    text = (parameter.question or parameter.description).rstrip(".")
    if parameter.choices:
        text += f" ({', '.join(parameter.choices)})"
    default = _open(written(parameter))
    return (
        _("{question}; default: {default}").format(question=text, default=default)
        if default
        else text
    )


def _open(text: str) -> str:
    """The text with its slots as people read them."""
    return SLOT.sub(r"‹\1›", text)
