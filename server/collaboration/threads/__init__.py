"""Comments on documents: in threads, each at a place that follows the text."""
