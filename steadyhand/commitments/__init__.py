"""The ledger of what we owe, and the planner that keeps it equal to the playbook."""
