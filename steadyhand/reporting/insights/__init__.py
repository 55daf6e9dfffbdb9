"""Something clever to say: questions for a client that their figures and their own words suggest (R8)."""
