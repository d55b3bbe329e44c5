"""One file per kind of document behind one table.

`PARSERS` is asked in order; the first of the right shape that accepts the content reads it. A new kind is a file with
`accepts` and `read`, and a line here.
"""

from ingest.parsers import advisory, cap, eonet, geojson, jsonfeed, listing, reliefweb, sanctions, syndication
from ingest.parsers.document import Parser, Shape

PARSERS: tuple[Parser, ...] = (
    Parser("cap", Shape.XML, cap.accepts, cap.read),
    Parser("syndication", Shape.XML, syndication.accepts, syndication.read),
    Parser("sanctions", Shape.XML, sanctions.accepts, sanctions.read),
    Parser("advisory", Shape.XML, advisory.accepts, advisory.read),
    Parser("records", Shape.XML, listing.accepts_xml, listing.read),
    Parser("jsonfeed", Shape.JSON, jsonfeed.accepts, jsonfeed.read),
    Parser("geojson", Shape.JSON, geojson.accepts, geojson.read),
    Parser("cap", Shape.JSON, cap.accepts, cap.read),
    Parser("eonet", Shape.JSON, eonet.accepts, eonet.read),
    Parser("reliefweb", Shape.JSON, reliefweb.accepts, reliefweb.read),
    Parser("advisory", Shape.JSON, advisory.accepts, advisory.read),
    Parser("sanctions", Shape.JSON, sanctions.accepts, sanctions.read),
    Parser("records", Shape.JSON, listing.accepts_json, listing.read),
    Parser("sanctions", Shape.TABLE, sanctions.accepts, sanctions.read),
    Parser("advisory", Shape.TABLE, advisory.accepts, advisory.read),
    Parser("records", Shape.TABLE, listing.accepts_table, listing.read),
)
