"""`/handoff teams`: the teams of the workspace, for its admins."""

from blocks.teams import teams_view
from bot.deals import refuse_unfit
from bot.permissions import demand_admin
from bot.teams import people_of, read_groups
from handlers.requests import Click, Form, Request
from handlers.workspaces import known_person
from store.work import Work


async def open_form(request: Request) -> None:
    """Show those there are."""
    await _demand(request)
    await request.open(await request.read(lambda work: teams_view(work.settings(), request.ref)))


async def show_more(click: Click) -> None:
    """Room for more; what was typed stays."""
    await _demand(click)
    await click.redraw(await click.read(lambda work: teams_view(work.settings(), click.ref)))


async def save(form: Form) -> None:
    """Settle them; all else that is settled stays."""
    await _demand(form)
    groups = read_groups(form.answers)

    def settle(work: Work) -> None:
        known = {person for group in work.settings().groups for person in group.people}
        fields = [field for field in form.answers if field.startswith("people_")]
        chosen = ((field, user) for field in fields for user in people_of(form.answers, field))
        refuse_unfit((field, work.person(user)) for field, user in chosen if user not in known)  # who left may stay
        work.settle(work.settings().model_copy(update={"groups": groups}))

    await form.commit(settle)


async def _demand(request: Request) -> None:
    person = await known_person(request.desk, request.team, request.user)
    demand_admin(person, "Teams are", "teams")
