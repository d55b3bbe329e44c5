"""What decisions are taken by, for whoever explains one or takes them again: read anew from settings and database."""

from sqlmodel import Session

from service.auth.premises import Premises
from service.desk.owners import read_owners, read_routes
from service.desk.plans import read_plans
from service.record.situated import Means
from service.store.exposure import read_holdings
from service.store.postures import in_force


def people_of(premises: Premises) -> Means:
    """Only the desk's people and routes, for whoever reads the rest by himself."""
    return Means(read_owners(premises.settings), read_routes(premises.settings))


def means_of(premises: Premises, session: Session) -> Means:
    """The same that the pipeline decides by, with the postures in force."""
    settings = premises.settings
    return Means(
        *(read_owners(settings), read_routes(settings), read_plans(settings)),
        everybody=read_holdings(session),
        postures=in_force(session, premises.clock()),
    )
