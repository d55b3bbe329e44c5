"""Pictures of every page, to be looked at: `make gallery`, or `python -m tests.web.gallery DIR [WORD …]`."""
