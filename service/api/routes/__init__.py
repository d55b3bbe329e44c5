"""The routes of /api/v1, one file a subject. Everything that touches the database runs in a thread."""
