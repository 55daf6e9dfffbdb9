"""The user model, members of the agency, roles and what each may do."""
