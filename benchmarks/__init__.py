"""How fast the policy and GET /next-actions are, each held against a control in the same run: `make bench`."""
