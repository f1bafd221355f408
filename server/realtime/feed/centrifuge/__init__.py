"""Centrifugo's client protocol in JSON, without a socket: what clients say, what they are told, and its codes."""
