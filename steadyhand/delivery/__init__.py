"""Room: what we deliver, by when, and what the client said to it (MISSION S16–S19)."""
