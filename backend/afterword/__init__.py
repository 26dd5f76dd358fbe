"""Afterword: what to do, for whom, when and why after a job interview, and what to leave alone."""
