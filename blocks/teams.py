"""The form that names the teams of the workspace."""

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import View
from bot.teams import MOST_GROUPS, Team

_SPARE = 3  # empty ones, to be filled
LONGEST_NAME = 40


def teams_view(team: Team, ref: Ref) -> View:
    """The teams there are and a few more; `ref.page` says how many times more were asked for."""
    count = min(MOST_GROUPS, len(team.groups) + _SPARE * (ref.page + 1))
    intro = "A deal is a team's when its AE or its CSM is. See their figures with `/handoff metrics by team`."
    blocks = [kit.section(intro)]
    for number in range(1, count + 1):
        known = team.groups[number - 1] if number <= len(team.groups) else None
        name = kit.text_input(known.name if known else "", max_length=LONGEST_NAME)
        blocks += [
            kit.field_input(f"name_{number}", f"Team {number}", name),
            kit.field_input(
                f"people_{number}", f"People of team {number}", kit.people_select(known.people if known else ())
            ),
        ]
    if count < MOST_GROUPS:
        more = ref.model_copy(update={"page": ref.page + 1}).pack()
        blocks.append(kit.actions(kit.button("More teams", Id.TEAMS_MORE, more)))
    return kit.modal("Teams", blocks, callback_id=Id.TEAMS_SAVE, submit="Save", close="Cancel", metadata=ref.pack())
