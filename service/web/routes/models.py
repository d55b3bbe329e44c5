"""Models: the one in use, candidates with their contests, going back, and drift."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.auth.access import Permission, allows
from service.desk.drift import drift_of
from service.desk.models import overview, use_model
from service.desk.training import ask_training
from service.errors import NotFound, WatchfireError
from service.store.models import model_history
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.drift import drift_shown
from service.web.shown.models import deeds_shown, in_use_shown, models_shown, training_shown
from service.web.visit import Inside, Visit

router = APIRouter()
HERE = "/models"
DEEDS = 20


@router.get(HERE)
def show_models(visit: Inside) -> Response:
    """Everything about models. A subscriber has no such page."""
    return _shown(visit)


@router.post(HERE + "/train")
def train(visit: Inside) -> Response:
    """Have a worker make one from the corrections."""
    try:
        ask_training(visit.house, visit.reader)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error, "learning.nothing"))
    return RedirectResponse(f"{HERE}?done=model_asked", 303)


@router.post(HERE + "/use")
def use(visit: Inside, name: Annotated[str, Form()] = "", anyway: Annotated[str, Form()] = "") -> Response:
    """Put one to use, forward or back."""
    try:
        use_model(visit.house, visit.reader, name, anyway=bool(anyway))
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}?done=model_used", 303)


def _shown(visit: Visit, *, status: int = 200, problem: Said | None = None) -> Response:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    found = overview(visit.house, visit.reader)
    with visit.house.store.read() as session:
        deeds = model_history(session, visit.reader, DEEDS)
    wish, trouble = training_shown(found.training, visit.telling)
    return page(
        visit,
        "models.html",
        status=status,
        here=HERE,
        used=in_use_shown(found.serving, visit.telling),
        fixed=found.serving.fixed,
        shipped=found.shipped,
        models=models_shown(found, visit.telling),
        others=any(row.state != "in_use" for row in found.models),
        held=found.corrections,
        fresh=found.fresh,
        wish=wish,
        trouble=trouble,
        waiting=found.training is not None and found.training.state == "waiting",
        may=allows(visit.reader, Permission.MODELS),
        deeds=deeds_shown(deeds, visit.telling),
        drift=drift_shown(drift_of(visit.house), visit.telling),
        problem=problem,
        flash=flash(visit),
    )
