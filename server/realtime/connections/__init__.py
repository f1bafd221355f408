"""Connections: what a socket is once it is established. Nothing here knows ASGI or HTTP."""
