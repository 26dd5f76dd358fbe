"""The timeline policy: a pure function from a playbook, facts and an instant to what to do and what to leave alone.

Standard library only; no clock, no input or output, no randomness. `engine.evaluate` is the whole of its face.
"""
