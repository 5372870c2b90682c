"""Compares what a page looks like with a picture kept, as a person would from some steps back.

Pictures are taken in fonts whose metrics are fixed (Liberation), and compared in cells of some page pixels, so that
another version of the browser, which smooths letters otherwise, makes no difference, but another colour, a missing part
or another order does. TIPWATCH_TEST_KEEP_PICTURES=1 keeps the pictures of a
run as they are: look at them before they are committed.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page

FOLDER = Path(__file__).parent / "pictures"
COLUMNS = 60  # cells a line; rows follow from the kept picture's height
CLEARLY = 12  # of 255: a cell that differs by more differs for a person too

FIXED_FONTS = {"Georgia": "Liberation Serif", "-apple-system": "Liberation Sans", "Arial": "Liberation Sans"}
ARABIC_FONT = "Noto Sans Arabic"

MEASURE = """
async ([kept, seen, columns, clearly]) => {
  const read = async source => { const image = new Image(); image.src = source; await image.decode(); return image; };
  const [a, b] = [await read(kept), await read(seen)];
  const rows = Math.max(1, Math.round(columns * a.height / a.width));
  const cells = image => {
    const canvas = document.createElement('canvas');
    canvas.width = columns; canvas.height = rows;
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, columns, rows);
    return context.getImageData(0, 0, columns, rows).data;
  };
  const [x, y] = [cells(a), cells(b)];
  let different = 0;
  for (let i = 0; i < x.length; i += 4)
    if (Math.max(...[0, 1, 2].map(c => Math.abs(x[i + c] - y[i + c]))) > clearly) different++;
  return [different / (x.length / 4), b.height / a.height, b.width / a.width];
}
"""


# Another Arabic font moves 0.8 % of the cells; titles a pixel smaller 5 %, two projects in the other order 10 %.
MOST_CELLS = 0.01
MOST_HEIGHT = 0.01  # a line more in the shortest page is 3 %


@dataclass(frozen=True, slots=True)
class Difference:
    """`cells`: share of the cells that differ clearly; `height`: the seen picture's height against the kept one's."""

    cells: float
    height: float

    @property
    def is_small(self) -> bool:
        """Whether both may be pictures of the same page."""
        return self.cells <= MOST_CELLS and abs(self.height - 1) <= MOST_HEIGHT


def fix_fonts(html: str) -> str:
    """The page in fonts whose metrics do not change between machines."""
    for family, fixed in FIXED_FONTS.items():
        html = re.sub(rf"(?<![\w-]){family}(?![\w-])", f"'{fixed}', '{ARABIC_FONT}'", html)
    return html


async def compare(browser: Browser, kept: bytes, seen: bytes) -> Difference:
    """How much two pictures (PNG) differ. Raises AssertionError where one is wider."""
    page = await browser.new_page()
    try:
        pictures = ["data:image/png;base64," + base64.b64encode(picture).decode() for picture in (kept, seen)]
        cells, height, width = await page.evaluate(MEASURE, [*pictures, COLUMNS, CLEARLY])
    finally:
        await page.close()
    assert width == 1, "pictures of different widths"
    return Difference(cells, height)


async def take(page: Page) -> bytes:
    """The whole page as PNG."""
    return await page.screenshot(full_page=True, animations="disabled")
