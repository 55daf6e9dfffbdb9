"""Room: setting a client up (MISSION O1–O7)."""
