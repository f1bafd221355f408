"""The program: sockets, identity and the feature wings."""
