"""Reports over a time: what was measured, how much of it, what changed (the data-sources contract, P12)."""
