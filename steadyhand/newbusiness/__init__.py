"""Room: from the first lead to the win (MISSION W1–W5)."""
