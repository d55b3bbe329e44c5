"""World → Entry: fetch, parse and clean what sources publish. Door: `ingest.collect`."""
