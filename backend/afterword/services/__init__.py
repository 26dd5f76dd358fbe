"""Use cases: plain functions of a session, its account and `now`. No HTTP, and no commit."""
