"""Room: what a client could buy next, and who should hear of it."""
