"""Countries and place names. The table is generated at set-up: `python -m ingest.place.generate`."""

from ingest.place.countries import CODES, Country, country, country_name
from ingest.place.gazetteer import Gazetteer, Kind, Name, PlaceTableMissing, places
from ingest.place.han import simplified

__all__ = [
    "CODES",
    "Country",
    "Gazetteer",
    "Kind",
    "Name",
    "PlaceTableMissing",
    "country",
    "country_name",
    "places",
    "simplified",
]
