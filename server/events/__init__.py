"""Everything that can happen: its kinds, its envelope, and its way into the store together with the change itself."""
