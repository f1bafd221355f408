"""Advice that rests on what was read: each claim shows the query, the numbers and the window (contract, 2.3)."""
