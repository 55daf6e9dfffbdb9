"""Which channels led to conversions (R8): touches and conversions in, paths, models and reports out.

`asking` is what pages and commands call; it is light. `tables`, `ordering`, `journeys`, `paths`, `sets`,
`crediting`, `markov`, `counting`, `intervals` and `ga4_reading` load DuckDB and NumPy and run in the child
process (`child`), in benches and in tests only; so do `portable` and `warehouse`, where the touches stay in
the agency's own database.
"""
