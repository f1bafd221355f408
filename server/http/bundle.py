"""The built web app, read once into memory: a request can name no file that was not there at the start."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.errors import NotFound

__all__ = ["Asset", "WebApp", "find_bundle", "read_bundle"]

HERE = Path(__file__).resolve().parent
PLACES = (HERE.parent / "_web", HERE.parent.parent / "static" / "dist")
HASHED = "assets/"  # Vite puts a hash of the content into these names, so they can be kept for ever
A_YEAR = "public, max-age=31536000, immutable"
PACKED = ".gz"  # the build puts the compressed form of a file beside it
LEFT_OUT = {PACKED, ".map"}

# The base image's table of media types differs between machines; these are the ones that a bundle has.
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Counterpoint</title>
<h1>The web app is not built</h1><p>The server runs, and its API is described at <a href="/docs">/docs</a>.
Build the web app with <code>make web</code> and start the server again.</p></html>"""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the bundle, with its compressed form where the build has made one."""

    body: bytes
    compressed: bytes | None
    media_type: str
    tag: str
    kept: str


def find_bundle() -> Path | None:
    """The folder of the built web app: in the wheel, or in the source tree after `make web`."""
    return next((place for place in PLACES if (place / "index.html").is_file()), None)


def read_bundle(folder: Path | None) -> dict[str, Asset]:
    """Every file of the folder by its path; empty when there is no bundle."""
    if folder is None:
        return {}
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in LEFT_OUT)
    return {name: _read(name, path) for path in files for name in [path.relative_to(folder).as_posix()]}


def _read(name: str, path: Path) -> Asset:
    body = path.read_bytes()
    media_type = MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = path.with_name(path.name + PACKED)
    return Asset(
        body=body,
        compressed=packed.read_bytes() if packed.is_file() else None,
        media_type=f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
        tag=f'"{blake2b(body, digest_size=16).hexdigest()}"',
        kept=A_YEAR if name.startswith(HASHED) else "no-cache",
    )


class WebApp:
    """Answers every address that no other route has: a file, or the app's first page for a browser that navigates."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self.assets = assets

    async def __call__(self, request: Request) -> Response:
        path = request.url.path.removeprefix("/")
        asset = self.assets.get(path)
        if asset is None and (not path or "text/html" in request.headers.get("accept", "")):
            asset = self.assets.get("index.html")
            if asset is None:
                return HTMLResponse(NOT_BUILT, 503)
        if asset is None:
            raise NotFound
        return _response(asset, request)


def _response(asset: Asset, request: Request) -> Response:
    headers = {"ETag": asset.tag, "Cache-Control": asset.kept, "Vary": "Accept-Encoding"}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = asset.body
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = asset.compressed, "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)
