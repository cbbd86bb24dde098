"""Checks: what does not make a spec invalid, and should still be known."""
