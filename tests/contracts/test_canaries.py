"""Two clients whose words never cross: in progress."""
