"""Who decides: people, parties, factions, sessions, motions, votes, decisions, mandates."""
