"""Reports to clients: from the ledger's promise to the page they open (R4, R5, R9, R10, R11)."""
