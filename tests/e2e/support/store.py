"""placeholder"""


async def text_in_store(server, document):
    return ""
