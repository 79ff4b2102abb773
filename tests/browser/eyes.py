"""Looking at a page as its readers do: phone, desk, narrow phone; light, dark, large letters; and with axe."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
PHONE, DESK, NARROW = "phone", "desk", "narrow"
SIZES = {
    PHONE: {"width": 390, "height": 844},
    DESK: {"width": 1440, "height": 900},
    NARROW: {"width": 320, "height": 640},
}
LOOKS = [(PHONE, "light", False), (DESK, "dark", False), (PHONE, "light", True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALL_TARGETS = """() => [...document.querySelectorAll("a[href],button,input,select,textarea")]
  .filter(e => !["file", "hidden"].includes(e.type))
  .map(e => e.closest("label") || e)
  .filter(e => e.getClientRects().length && getComputedStyle(e).display !== "inline" && !e.closest(".p-skip,.p-doc"))
  .filter(e => e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 90))"""


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page into var/shots."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """Everything a page must stand: axe in both themes and with large letters, 320 px, targets for a thumb.

    Leaves the page as a phone in the light. Raises AssertionError naming every fault.
    """
    found = faults_of(page, name)
    assert not found, f"{name}:\n" + "\n".join(found)


def faults_of(page: Page, name: str) -> list[str]:
    """What `look` would complain about; pictures of each look go to var/shots."""
    faults = []
    for size, scheme, elder in LOOKS:
        show(page, size, scheme, elder=elder)
        shoot(page, "-".join([name, size, scheme, *(["elder"] if elder else [])]))
        faults += [f"{size} {scheme} elder={elder}: {fault}" for fault in axe(page)]
    faults += small_targets(page) + sideways(page)
    show(page, PHONE, "light")
    return faults


def show(page: Page, size: str, scheme: str, *, elder: bool = False) -> None:
    page.set_viewport_size(SIZES[size])
    page.evaluate("scheme => { document.documentElement.dataset.bsTheme = scheme; }", scheme)
    page.evaluate("elder => document.documentElement.classList.toggle('elder', elder)", elder)


def axe(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its best practices."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:140]}" for rule in found for node in rule["nodes"]]


def small_targets(page: Page) -> list[str]:
    """Controls lower than 44 px on a phone."""
    show(page, PHONE, "light")
    return [f"lower than 44 px: {html}" for html in page.evaluate(SMALL_TARGETS)]


def sideways(page: Page) -> list[str]:
    """A page 320 px wide scrolls up and down only, with large letters too."""
    faults = []
    for elder in (False, True):
        show(page, NARROW, "light", elder=elder)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > SIZES[NARROW]["width"]:
            faults.append(f"320 px, elder={elder}: scrolls sideways, {wide} px wide")
    return faults
