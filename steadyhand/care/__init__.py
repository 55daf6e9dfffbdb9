"""Room: how clients feel about us, and what is done about it."""
