"""Memory: the engine, the tables, and the queries that alone may touch them."""
