"""Face: what a client sees and answers, without an account or with one (MISSION F1)."""
