"""What Google's programming interfaces have in common: a service account's key, and how they say no."""
