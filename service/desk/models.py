"""Which model is in use, and putting another to use: forward to a candidate, or back to one that served before."""

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scoring.card import CardError, read_card
from scoring.keywords import is_fallback, keyword_model, model_at
from scoring.model import SHIPPED, Model, ModelError
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.errors import Conflict, NotFound, Refused, SetupError
from service.log import logger
from service.settings import Settings
from service.store.corrections import count_in_force
from service.store.engine import Store
from service.store.models import get_model, list_models, model_in_use, newest_training, put_to_use
from service.store.scope import Scope
from service.store.tables import ModelRow, Training

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """The model in use. `fixed` says that WATCHFIRE_MODEL names it; `row` is None for that one and the shipped one."""

    name: str
    path: Path
    card: dict[str, Any]
    row: ModelRow | None = None
    fixed: bool = False


def file_of(settings: Settings, name: str) -> Path:
    """Where the weights of one of the house's models lie."""
    return settings.data / "models" / f"{name}.npz"


@cache
def card_at(path: Path) -> dict[str, Any]:
    """The card beside weights, with the model's whole name; SetupError when there is none."""
    if is_fallback(path):
        model = keyword_model()
        return {**model.card, "name": model.name}
    try:
        card = read_card(path.with_suffix(".json"))
        return {**card, "name": f"{card['name']}-{card['sha256'][:8]}"}
    except (OSError, CardError, KeyError) as error:
        raise SetupError(f"The model's card {path.with_suffix('.json')} cannot be read.", "Check the path.") from error


def shipped_name() -> str:
    """What the model that came with the program is called."""
    return str(card_at(SHIPPED)["name"])


def serving(premises: Premises) -> Serving:
    """The model that WATCHFIRE_MODEL names, else the one that was put to use, else the shipped one."""
    fixed = premises.settings.model
    if fixed is not None:
        card = card_at(fixed)
        return Serving(card["name"], fixed, card, fixed=True)
    with premises.store.read() as session:
        row = model_in_use(session)
    if row is not None:
        return Serving(row.name, file_of(premises.settings, row.name), row.card, row)
    return Serving(shipped_name(), SHIPPED, card_at(SHIPPED))


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything about models: the one in use, the shipped one's name, the house's own, what waits to be learnt."""

    serving: Serving
    shipped: str
    models: list[ModelRow]
    training: Training | None
    corrections: int
    fresh: int  # corrections since the newest model was made


def overview(premises: Premises, scope: Scope) -> Overview:
    """The models as the desk sees them; Refused to everybody else."""
    demand(scope, Permission.READ)
    if not scope.home:
        raise Refused("Models are the desk's own.", "Ask a member of the desk.")
    with premises.store.read() as session:
        rows = list_models(session, scope)
        since = max((row.made_at for row in rows), default=None)
        training, held = newest_training(session), count_in_force(session)
        fresh = count_in_force(session, since)
    return Overview(serving(premises), shipped_name(), rows, training, held, fresh)


def use_model(premises: Premises, scope: Scope, name: str, *, anyway: bool = False) -> Serving:
    """Have the walk use a model from its next batch on, in every process; using it again changes nothing.

    Without `anyway` Conflict for one that lost its contest, or whose contest was against another model than the one in
    use. What was assessed already stays as it is.
    """
    demand(scope, Permission.MODELS)
    if premises.settings.model is not None:
        raise Conflict(
            "WATCHFIRE_MODEL names the model that is used here.", "Unset it, and the one chosen here is used."
        )
    now = premises.clock()
    with premises.store.write() as session:
        current = model_in_use(session)
        before = current.name if current is not None else shipped_name()
        if name == before:
            return serving(premises)
        row = None
        if name != shipped_name():
            row = _fit(premises.settings, get_model(session, name), name, before, anyway)
        put_to_use(session, row.name if row is not None else None, scope.actor, now)
        leave_line(session, scope, now, "model.use", name, before=before, **({"anyway": True} if anyway else {}))
    return serving(premises)


def _fit(settings: Settings, row: ModelRow | None, name: str, before: str, anyway: bool) -> ModelRow:
    if row is None:
        raise NotFound(f"There is no model '{name[:80]}'.", "`watchfire model list` shows them.")
    if not file_of(settings, row.name).is_file():
        raise NotFound(f"The weights of {row.name} are not in the data folder of this machine.", "Copy them there.")
    if row.state == "refused" and not anyway:
        raise Conflict(f"{row.name} is no better than its parent.", "Use it anyway only if you know why.")
    if row.state == "candidate" and row.parent != before and not anyway:
        raise Conflict(
            f"{row.name} was held against {row.parent}, which is not in use any more.", "Train anew, or use it anyway."
        )
    return row


class ModelInUse:
    """Gives the model in use, looked up at every batch: a change is taken up without a restart.

    SetupError when the first one cannot be loaded. A later one that cannot is told in the log, and the old one stays.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._lock = threading.Lock()
        self._model: Model | None = None
        self._path: Path | None = None
        self._broken: Path | None = None

    def __call__(self) -> Model:
        """The model."""
        with self._lock:
            wanted = self._wanted()
            if self._model is None:
                self._model, self._path = _load(wanted), wanted
            elif wanted not in (self._path, self._broken):
                self._change(self._model, wanted)
            return self._model

    def _wanted(self) -> Path:
        if self._settings.model is not None:
            return self._settings.model
        with self._store.read() as session:
            row = model_in_use(session)
        return file_of(self._settings, row.name) if row is not None else SHIPPED

    def _change(self, current: Model, wanted: Path) -> None:
        try:
            self._model, self._path, self._broken = _load(wanted), wanted, None
        except SetupError as error:
            self._broken = wanted
            log.error("%s %s stays in use here.", error, current.name)
        else:
            log.info("the model in use is %s now, after %s", self._model.name, current.name)


def _load(path: Path) -> Model:
    if is_fallback(path):
        log.warning("WATCHFIRE_MODEL=keywords: no model is in use, entries are read by words alone.")
    try:
        return model_at(path)
    except ModelError as error:
        raise SetupError(str(error)) from error
