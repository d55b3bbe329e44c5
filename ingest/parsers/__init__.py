"""One file per kind of document behind one table."""
