"""The security headers of every response (ASVS 5.0, 3.4)."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CONTENT_SECURITY_POLICY", "SecurityHeaders"]

# The web app's own scripts, styles, fonts, images and workers, its API and its sockets, and nothing else. Images may
# also be pasted into a document (data:) or just chosen (blob:).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
TWO_YEARS = 63_072_000  # what the browsers' preload list asks for


class SecurityHeaders:
    """Adds the headers; answers that may hold somebody's data are never kept by a shared cache."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self.app = app
        self.added = ALWAYS | ({"Strict-Transport-Security": f"max-age={TWO_YEARS}"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        private = "no-store" if scope["path"].startswith("/auth/") else "private, no-cache"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.added.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", private)
            await send(message)

        await self.app(scope, receive, send_with_headers)
