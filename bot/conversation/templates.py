"""Templates in the chat: what there is, and making one of a plan."""

from bot.actions import templates
from bot.actions.templates import SaveTemplate as Save
from bot.conversation.context import Context
from bot.language.catalogue import Locale
from bot.language.intents import SaveTemplate
from bot.queries.templates import material, templates_of
from bot.render.templates import library_message, parameters_of, template_message
from memory.model.authority import Right
from memory.model.errors import NotFound
from planner.template import Template
from planner.templates.compare import template_of
from planner.templates.matching import no_such
from planner.templates.writing import written_template


async def list_templates(context: Context) -> None:
    """What templates there are."""
    async with context.asking() as asking:
        library = await templates_of(asking)
    await context.just_reply(library_message(context.locale, library))


async def show_template(context: Context, name: str) -> None:
    """What one does and takes."""
    async with context.asking() as asking:
        library = await templates_of(asking)
    template = library.find(name)
    if template is None:
        raise NotFound("{reason}", reason=no_such(name, library))
    await context.just_reply(template_message(context.locale, template))


async def save_template(context: Context, command: SaveTemplate) -> None:
    """Make a template of the plan, in the project's folder."""
    context.must(Right.ASK)
    async with context.asking() as asking:
        found = await material(
            asking, command.plan or context.state.plan or context.state.last_plan
        )
    plan = found.plan.plan
    files = await context.services.executor.list_files(context.project)
    template = template_of(found.plan, command.name or plan.title, found.others, files)
    async with context.acting() as act:
        given = Save(text=written_template(template), plan=plan.hash)
        saved = await templates.save(act, given)
        await context.reply(act.tx, _saved(context.locale, template, saved.path))


def _saved(_: Locale, template: Template, path: str) -> str:
    parameters = parameters_of(_, template)
    names = list(template.properties)
    example = f", {names[0]}: …" if names else ""
    return "\n".join(
        [
            _("Saved as the template **{title}** in `{path}`.").format(
                title=template.title, path=path
            ),
            _("What can differ next time:\n{parameters}").format(parameters=parameters)
            if parameters
            else _("It takes no parameters."),
            _("To use it, say `use the {name} template{example}`.").format(
                name=template.name, example=example
            ),
        ]
    )
