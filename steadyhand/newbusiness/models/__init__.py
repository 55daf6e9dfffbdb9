"""The tables of newbusiness."""
