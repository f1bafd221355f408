"""A part that is not well says what is wrong; a check that hangs or fails is itself a finding."""

import asyncio

from server.operations.health import CHECK_SECONDS, Finding, Health


async def well() -> str | None:
    return None


async def unwell() -> str | None:
    return "the disk is full"


async def broken() -> str | None:
    raise OSError("secret path")


async def test_every_check_is_told_by_its_name() -> None:
    assert await Health({"store": well, "log": unwell}).findings() == [
        Finding("store", None),
        Finding("log", "the disk is full"),
    ]


async def test_a_check_that_fails_is_a_finding_without_its_details() -> None:
    assert await Health({"store": broken}).findings() == [Finding("store", "the check failed: OSError")]


async def test_a_check_that_never_answers_is_a_finding() -> None:
    loop = asyncio.get_running_loop()

    async def hangs() -> str | None:
        # The deadline is asked for from the loop; bring the loop's clock there instead of waiting for it.
        real = loop.time
        loop.time = lambda: real() + CHECK_SECONDS  # type: ignore[method-assign]
        try:
            await asyncio.Event().wait()
        finally:
            loop.time = real  # type: ignore[method-assign]
        return None

    assert await Health({"store": hangs}).findings() == [Finding("store", "no answer within 2 s")]


async def test_a_note_stands_beside_a_check_that_is_well() -> None:
    health = Health({"loop": well, "store": unwell}, notes={"loop": lambda: "stood still once"})
    assert await health.findings() == [
        Finding("loop", None, "stood still once"),
        Finding("store", "the disk is full"),
    ]
