"""Data sources: what they are, how they are reached, and what can be measured of each type."""
