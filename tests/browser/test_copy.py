"""复制到群 in a real browser: with the clipboard, without it, and without script."""

import pytest
from django.urls import reverse

from tests.browser import eyes

BOARD = reverse("inspections:week-board")


@pytest.fixture
def board(signed_in, town, clerk, page, base_url):
    signed_in(clerk)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base_url)
    return page


def test_one_tap_copies_the_text(board):
    board.goto(BOARD)
    board.click("summary:has-text('复制到群')")
    eyes.look(board, "copy")
    board.click("text=复制这段话")
    board.wait_for_selector("text=已复制")
    copied = board.evaluate("navigator.clipboard.readText()")
    assert copied == board.input_value("[data-copy-text]") and "小区" in copied and "/patrols/board/link/" in copied


def test_without_the_clipboard_the_text_is_selected(board):
    board.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    )
    board.goto(BOARD)
    board.click("summary:has-text('复制到群')")
    board.click("text=复制这段话")
    board.wait_for_selector("text=已经选中")
    selected = "e => e.value.slice(e.selectionStart, e.selectionEnd) === e.value"
    assert board.eval_on_selector("[data-copy-text]", selected)
