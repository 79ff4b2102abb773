import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rulebook.models import CalendarDay, CalendarLoad

URL = reverse("rulebook:calendar-load")
YEAR = 2061


@pytest.fixture
def as_administrator(as_, administrator):
    return as_(administrator)


@pytest.fixture
def typed(table):
    return {"year": YEAR, "source": "国办发明电〔2060〕1号", "text": table(YEAR)}


def workbook(text):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, line in enumerate(text.strip().splitlines()[1:]):
        first, rest = line.split(" ", 1)
        if "至" in rest:
            sheet.write_string(number, 0, line)
        else:
            sheet.write_datetime(number, 0, date.fromisoformat(first), day)
            for place, cell in enumerate(rest.split(), 1):
                sheet.write_string(number, place, cell)
    book.close()
    return file.getvalue()


def test_first_comes_a_preview_and_nothing_is_written(as_administrator, typed):
    page = as_administrator.post(URL, typed)
    assert page.status_code == 200
    assert len(page.context["preview"].days_off) >= 9
    assert "请核对，没有录进去" in page.content.decode()
    assert not CalendarLoad.objects.waiting().exists()


def test_what_was_looked_at_is_entered(as_administrator, administrator, typed):
    page = as_administrator.post(URL, typed)
    again = {"year": YEAR, "source": typed["source"], "text": page.context["typed"]["text"], "confirm": "1"}
    answer = as_administrator.post(URL, again)
    load = CalendarLoad.objects.waiting().get()
    assert answer.headers["Location"] == reverse("rulebook:calendar-check", args=[load.pk])
    assert (load.year, load.entered_by) == (YEAR, administrator)
    assert not CalendarDay.objects.of_year(YEAR).exists()


@pytest.mark.parametrize(
    "made",
    [
        lambda text: ("日历.txt", text.encode()),
        lambda text: ("日历.csv", text.replace(" ", ",").encode("utf-8-sig")),
        lambda text: ("日历.csv", text.replace(" ", "\t").encode("gb18030")),
        lambda text: ("日历.xlsx", workbook(text)),
    ],
    ids=["text", "csv", "gbk", "xlsx"],
)
def test_a_file_does_as_well(as_administrator, typed, made):
    pasted = as_administrator.post(URL, typed).context["preview"].lines
    name, data = made(typed.pop("text"))
    page = as_administrator.post(URL, {**typed, "file": SimpleUploadedFile(name, data)})
    assert page.context["form"].errors == {}
    assert page.context["preview"].lines == pasted


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 no workbook", "不是 Excel 表"),
        (b"\x00\x01\x02\xff" * 10, "读不出来"),
        (b"x" * (1024 * 1024 + 1), "文件太大"),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(as_administrator, typed, data, sentence):
    page = as_administrator.post(URL, {**typed, "file": SimpleUploadedFile("x", data)})
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_every_bad_line_is_explained_and_the_text_kept(as_administrator, typed):
    page = as_administrator.post(URL, {**typed, "text": typed["text"] + "不知道哪天 休\n"})
    assert page.status_code == 422
    assert "第 7 行" in page.content.decode()
    assert "不知道哪天" in page.content.decode()


def test_a_missing_year_or_source_is_explained(as_administrator, typed):
    assert as_administrator.post(URL, {**typed, "source": ""}).status_code == 422
    assert as_administrator.post(URL, {**typed, "year": "1999"}).status_code == 422
    assert as_administrator.post(URL, {**typed, "year": ""}).status_code == 422


def test_a_second_table_of_the_year_is_explained(as_administrator, typed):
    as_administrator.post(URL, {**typed, "confirm": "1"})
    page = as_administrator.post(URL, {**typed, "confirm": "1"})
    assert page.status_code == 422
    assert "等复核" in page.content.decode()
    assert CalendarLoad.objects.waiting().count() == 1


@pytest.mark.parametrize("who", ["town_head", "clerk", "station_head", "cadre", "firm"])
def test_others_get_403(as_, request, who, typed):
    person = as_(request.getfixturevalue(who))
    assert person.get(URL).status_code == 403
    assert person.post(URL, {**typed, "confirm": "1"}).status_code == 403
    assert not CalendarLoad.objects.waiting().exists()


def test_a_stranger_is_asked_to_sign_in(stranger):
    assert stranger.get(URL).status_code == 302


def test_a_wrong_method_gets_405(as_administrator):
    assert as_administrator.put(URL).status_code == 405
