"""Documents, wire protocols, presence and the room: pure, sans-I/O, without a clock (see SPEC.md)."""
