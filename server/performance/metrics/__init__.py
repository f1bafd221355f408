"""What was measured, for people: the newest figures of a source, and its charts."""
