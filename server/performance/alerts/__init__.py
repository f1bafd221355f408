"""Thresholds, the alerts that they make, and silences (the data-sources contract, P3 to P7; its section 2.1)."""
