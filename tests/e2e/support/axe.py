"""axe-core: what it finds wrong for those who use a screen reader, the keyboard, or weak eyes."""

from playwright.async_api import Page

from tests.e2e.support.node import NODE_FOLDER

__all__ = ["found_by_axe"]

SOURCE = NODE_FOLDER / "node_modules" / "axe-core" / "axe.min.js"
RUN = """axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
  .then(({violations}) => violations.map(({id, help, nodes}) =>
    `${id}: ${help}: ${nodes.map(node => node.target.join(' ')).join(', ')}`))"""


async def found_by_axe(page: Page) -> list[str]:
    """A line for each rule that the page as it is now breaks."""
    # The page's policy allows no scripts of others; what the tests evaluate is not bound by it.
    await page.evaluate(SOURCE.read_text() + "; undefined")
    lines: list[str] = await page.evaluate(RUN)
    return lines
