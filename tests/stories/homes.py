"""What stories about the App Home do again and again."""

from functools import partial

from sqlalchemy import delete

from bot.events import HandoffStarted
from bot.handoffs import Deal
from sandbox.person import Person
from sandbox.surfaces import Home
from store.tables import outbox
from store.work import Work
from tests.office import Office


async def home_of(office: Office, who: Person) -> Home:
    """What somebody sees who opens the Home."""
    await who.opens_home()
    await office.settles()
    return who.home


async def many(office: Office, count: int, **known: str) -> None:
    """Ana has so many handoffs, with what is `known` of each deal, without the channels they would have in Slack."""
    baton, now = office.baton, office.workspace.clock.now()

    def start(work: Work, number: int) -> None:
        names = {"company_name": f"Customer {number:03}", "website": f"customer-{number}.example"}
        facts = {"segment": "smb", "contract_value": "84000", "currency": "EUR", "timing_model": "at_close"}
        began = {"by": office.ana.id, "at": now, "playbook": work.playbook_digest, "ae": office.ana.id}
        work.start(HandoffStarted.model_validate(began | {"deal": Deal.model_validate(names | facts | known)}))
        work.connection.execute(delete(outbox))

    for number in range(1, count + 1):
        await baton.store.commit(baton.team, partial(start, number=number))
