import pytest

from lib import paper
from tests.lib.pdf_text import characters

TEMPLATE = """
#import "/paper.typ": *
#show: paper
= #data.title
#data.text
#facts(..data.facts)
"""


@pytest.fixture
def sheet(tmp_path, monkeypatch):
    (tmp_path / "sheet.typ").write_text(TEMPLATE)
    (tmp_path / "paper.typ").write_text((paper.templates() / "paper.typ").read_text())
    monkeypatch.setattr(paper, "templates", lambda: tmp_path)

    def made(**data):
        return paper.pdf("sheet.typ", {"title": "巡查记录单", "text": "", "facts": [], **data})

    return made


def test_a_paper_is_a_pdf_with_text_that_can_be_found(sheet):
    text = "消防通道被堵塞，请于2026年11月28日前整改，门、页、金、骨"
    pdf = sheet(text=text, facts=[["小区", "松苑小区"]])
    assert pdf.startswith(b"%PDF-")
    assert set("巡查记录单松苑小区" + text) <= characters(pdf)
    assert not set("⻚⾦⼾⻔⻣") & characters(pdf)


def test_only_the_font_of_the_wheel_is_used(sheet):
    pdf = sheet(text="楼道 Room 12")
    assert b"NotoSansCJKtc" in pdf
    assert b"Libertinus" not in pdf


def test_what_a_person_typed_is_never_read_as_source(sheet):
    assert set("#panic()") <= characters(sheet(text='#panic("no") $x$ *bold* \\ <label> @ref "quoted"'))


def test_data_that_does_not_fit_is_our_mistake(sheet):
    with pytest.raises(RuntimeError):
        sheet(facts="not a list")
