"""Joining: which entries tell of one happening (`traits` of an entry, `pair` of two, `joiner` over a stream)."""
