"""The sockets of connections: over our own protocol in uvicorn, and over ASGI messages in any server."""
