"""Forms that a client fills in without an account: sent, filled in, returned, taken over (O1, O2)."""
