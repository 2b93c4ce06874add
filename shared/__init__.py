"""The bridge, from the edges inwards.

`wiring` builds everything once per process · `settings` what the client configured · `flows` one step each ·
`mirakl` the marketplace · `erp` the ERPs · `bus` the queues · `store` Table Storage · `telemetry` · `ports` what a
flow may ask for · `exceptions` every kind of exception · `rules` the business rules · `model` what it all talks
about · `errors`. Arrows only go down this list (`pyproject.toml`, import contracts).
"""
