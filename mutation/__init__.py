"""Mutation testing of the policy: changes its code in one place at a time and asks whether a test notices.

`make mutation` runs it. The operators are mutmut's and three more; the rest is here because mutmut leaves out code that
stands outside functions and functions with decorators, and because a process for each mutant takes hours.
"""
