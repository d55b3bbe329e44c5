"""What people do: each use case one function, one transaction, whether it comes from a page, the API or a command."""
