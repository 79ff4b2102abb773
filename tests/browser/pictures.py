"""Takes the pictures of the README and of the help page from a running demo town: ``script/pictures [ADDRESS]``.

They are part of the repository, so that help shows what is: run it when those pages have changed. It files one patrol.
"""

import io
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.conftest import chromium

ROOT = Path(__file__).resolve().parents[2]
README, HELP = ROOT / "docs" / "pictures", ROOT / "static" / "help"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1100, "height": 844}
COLOURS, MOST_HIGH = 64, 520
NO_RIBBON = "document.querySelector('.p-demo')?.remove()"


def keep(picture: bytes, path: Path, most_high: int = DESK["height"]) -> None:
    path.parent.mkdir(exist_ok=True)
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    part = whole.crop((0, 0, whole.width, min(whole.height, most_high)))
    part.quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)} {path.stat().st_size // 1024} KiB")


def page_of(browser: Browser, base: str, role: str, size: dict) -> Page:
    """A browser signed in to the demo town as somebody of the role."""
    context = browser.new_context(base_url=base, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto("/account/sign-in/")
    page.locator(f"button[name=role][value={role}]").click()
    page.evaluate(NO_RIBBON)
    return page


def bare(page: Page, url: str) -> None:
    page.goto(url)
    page.evaluate(NO_RIBBON)


def of_readme(browser: Browser, base: str) -> None:
    keep(page_of(browser, base, "cadre", PHONE).screenshot(), README / "week.png")
    page = page_of(browser, base, "town_clerk", DESK)
    bare(page, "/patrols/board/")
    keep(page.screenshot(), README / "board.png")
    shot(page.locator(".p-box").first, "board")
    page.locator("th a[href^='/communities/']").first.click()
    page.wait_for_url("**/communities/*/")
    page.evaluate(NO_RIBBON)
    keep(page.screenshot(), README / "community.png")


def of_help(browser: Browser, base: str) -> None:
    """A patrol with one finding, from 本周 to its number; then one that waits for a signal."""
    page = page_of(browser, base, "cadre", PHONE)
    shot(page.locator("section[aria-labelledby=mine] .p-rows"), "week")
    page.get_by_role("link", name=re.compile("去巡查|再记一次")).first.click()
    address = page.url
    answer(page)
    shot(page.locator("#pile"), "finding")
    shot(page.locator("#fire"), "question")
    page.get_by_role("button", name="下一步").click()
    shot(page.locator(".p-card").first, "check")
    page.get_by_role("button", name="提交巡查记录").click()
    shot(page.locator(".p-done"), "number")
    bare(page, address)
    page.context.set_offline(True)
    answer(page)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交巡查记录").click()
    page.wait_for_url("**/queue/")
    page.locator("[data-list] > li").wait_for()
    shot(page.locator("[data-head=waiting]"), "waiting")


def answer(page: Page) -> None:
    page.locator("#pile").get_by_text("有问题").click()
    page.locator("#pile").get_by_label("哪一种").select_option(index=1)
    page.locator("#pile").get_by_label("什么问题，在哪里").fill("3幢1单元楼道堆纸箱")
    page.locator("#pile").get_by_text("抄告").first.click()
    page.get_by_role("button", name="其余看过，没发现问题").click()
    page.locator("#fire").get_by_text("没问题").click()


def shot(part: Locator, name: str) -> None:
    """The part, or as much of it as a small picture can show."""
    keep(part.screenshot(), HELP / f"{name}.png", most_high=MOST_HIGH)


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        of_readme(browser, base)
        of_help(browser, base)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
