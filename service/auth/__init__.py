"""Who is asking and what they may do: passwords, sessions, keys, invitations, and the one maker of `Scope`."""
