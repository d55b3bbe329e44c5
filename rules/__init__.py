"""Assessment → Decision: levels, owners and notices, as pure functions. Door: `rules.decide`."""
