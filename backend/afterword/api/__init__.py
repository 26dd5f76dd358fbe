"""The HTTP API: parse, call, map. It decides nothing."""
