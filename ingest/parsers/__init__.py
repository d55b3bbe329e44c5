"""One file per kind of document, behind the table of `ingest.parsers.table`."""
