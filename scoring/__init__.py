"""Entry → Assessment: what kind of risk, where, how bad, how soon, how sure. Door: `scoring.assess`."""
