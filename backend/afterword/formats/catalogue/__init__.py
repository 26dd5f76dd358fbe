"""The rule catalogue: playbooks as pages to read, in words made from their rules. It knows none of them by name."""
