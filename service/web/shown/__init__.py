"""What pages show: rows of the store turned into words of one language. Values in, values out; no query, no request."""
