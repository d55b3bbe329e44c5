"""Sites and companies for tests of pages: a desk with things abroad, and an alert that touches some of them."""

from datetime import datetime

from sqlmodel import select

from rules.exposure import hit_values
from rules.holdings import Hit
from service.store.engine import Store
from service.store.tables import Alert, Organisation, PartnerRow, SiteRow

PIPE = [[16.8, 13.3], [13.9, 8.9], [13.2, 4.1], [11.9, 3.2], [9.3, 2.6], [6.4, 2.4]]
SITES: tuple[tuple[str, str, str, list[list[float]], int, int, float], ...] = (
    ("尼亚美输油首站", "project", "NE", [[13.51, 2.11]], 340, 3, 12.0),
    ("Agadem oil field", "site", "NE", [[16.8, 13.3]], 510, 3, 40.0),
    ("Niger–Benin pipeline", "route", "NE", PIPE, 0, 3, 0.0),
    ("Cotonou office", "people", "BJ", [[6.37, 2.43]], 12, 1, 0.0),
    ("<script>alert(1)</script>", "site", "ML", [[12.64, -8.0]], 25, 2, 0.0),
    ("Burkina Faso liaison", "people", "BF", [], 4, 1, 0.0),
)  # fmt: skip
COMPANIES = (
    ("华夏西非油气", "own", ["Huaxia West Africa Petroleum", "Huaxia Pétrole"], "NE"),
    ("Société Nigérienne des Mines", "partner", ["SONIMINES", "尼日尔矿业公司"], "NE"),
)
HITS = (
    Hit("near", 1, "尼亚美输油首站", "project", 0.86, 3.2, 50.0, "NE", 340, 3),
    Hit("along", 3, "Niger–Benin pipeline", "route", 0.61, 41.0, 50.0, "NE", 0, 3),
    Hit("country", 2, "Agadem oil field", "site", 0.5, None, None, "NE", 510, 3),
    Hit("partner", 2, "Société Nigérienne des Mines", "name", 0.6, words="SONIMINES"),
)
OTHERWISE = (
    {"kind": "certainty", "code": "counter.without.2", "value": "Agence Nord", "words": "", "weight": 1.0},
    {"kind": "certainty", "code": "counter.untouched.2", "value": "", "words": "", "weight": 1.0},
)


def add_holdings(store: Store, now: datetime, alert_id: int) -> None:
    """Give the desk things abroad, and let this alert touch some of them."""
    with store.write() as session:
        home = session.exec(select(Organisation.id).where(Organisation.home)).one() or 0
        for name, kind, country, points, people, criticality, radius in SITES:
            session.add(
                SiteRow(
                    organisation_id=home,
                    name=name,
                    kind=kind,
                    country=country,
                    points=points,
                    people=people,
                    criticality=criticality,
                    radius_km=radius,
                    created_at=now,
                    changed_at=now,
                )
            )
        for name, kind, spellings, country in COMPANIES:
            session.add(
                PartnerRow(
                    organisation_id=home,
                    name=name,
                    kind=kind,
                    spellings=spellings,
                    country=country,
                    created_at=now,
                    changed_at=now,
                )
            )
        alert = session.get_one(Alert, alert_id)
        alert.exposure = [dict(hit_values(hit)) for hit in HITS]
        alert.counterfactuals = [dict(one) for one in OTHERWISE]
        session.add(alert)
