"""All rows of a store, carried to another one or into a file, and proven to be the same there."""
