"""A Python program in a shared text.

pip install pycrdt-websocket httpx-ws
python client.py http://127.0.0.1:8000 codemirror-example "hello"

An access token goes into the environment variable TOKEN; a server started with --open needs none.
"""

import asyncio
import os
import sys

from httpx_ws import aconnect_ws
from pycrdt import Doc, Provider, Text, TextEvent
from pycrdt.websocket.websocket import HttpxWebsocket


async def main(server: str, document: str, words: str) -> None:
    """Add `words` to the end of the text, then print the text each time that anybody changes it."""
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"} if "TOKEN" in os.environ else {}
    doc: Doc[Text] = Doc()
    text = doc.get("codemirror", type=Text)
    async with aconnect_ws(f"{server}/sync/{document}", headers=headers) as websocket:
        channel = HttpxWebsocket(websocket, document)
        async with Provider(doc, channel) as provider:
            await provider.synced.wait()
            changed = asyncio.Event()
            text.observe(lambda event: changed.set() if isinstance(event, TextEvent) else None)
            text += words
            while True:
                print(str(text), flush=True)
                await changed.wait()
                changed.clear()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
