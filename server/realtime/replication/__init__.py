"""Documents across nodes: what one has committed the others learn, by the broker at once, by the log in any case."""
