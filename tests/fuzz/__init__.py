"""Broken, odd and hostile documents by the hundred thousand: `python -m tests.fuzz`."""
