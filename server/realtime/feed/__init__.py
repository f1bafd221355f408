"""Events on their way to who listens: told to every node, in order, without a gap, and each encoded once."""
