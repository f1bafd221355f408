"""A seeded nemesis of a real cluster, and one checker for all that was said to be saved."""
