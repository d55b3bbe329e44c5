"""Machine translation by an endpoint of the operator's choice: off unless one is set, and never in anybody's way."""
