"""Google Ads, by its API (searchStream)."""
