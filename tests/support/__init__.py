"""What tests stand on: real databases, real processes, a real browser."""
