"""The tags of accounts/templatetags/page.py, as a page uses them."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import engines


def render(source, request=None, **context):
    return engines["django"].from_string(source).render(context, request)


@pytest.fixture
def in_november():
    with time_machine.travel(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), tick=False):
        yield


class Report(forms.Form):
    place = forms.CharField(label="在哪里", help_text="比如“3幢楼下”。")
    mobile = forms.CharField(label="手机", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("a", "环境卫生")])
    way = forms.ChoiceField(label="怎么处理", choices=[("n", "抄告"), ("s", "当场处理")], widget=forms.RadioSelect)
    told = forms.BooleanField(label="已劝阻", required=False)


def test_an_icon_is_decoration():
    html = render('{% icon "eye" %}')
    assert 'aria-hidden="true"' in html and "#eye" in html


def test_a_state_has_word_symbol_and_colour():
    html = render('{% state "warn" "eye" "待复查" %}')
    assert 'data-tone="warn"' in html and "#eye" in html and "待复查" in html


def test_a_label_is_escaped():
    assert "<b>" not in render('{% state "warn" "eye" label %}', label="<b>")


def test_a_date_never_breaks_and_names_its_weekday(in_november):
    html = render("{% cn_date day %}", day=date(2026, 11, 18))
    assert html == '<time class="nowrap" datetime="2026-11-18">11月18日 周三</time>'


def test_a_date_of_another_year_says_the_year(in_november):
    assert "2025年11月18日" in render("{% cn_date day %}", day=date(2025, 11, 18))


def test_a_moment_is_shown_in_beijing(in_november):
    sunday_night = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert ">11月23日 00:30<" in render("{% cn_time moment %}", moment=sunday_night)
    assert "11月23日 周一" in render("{% cn_date moment %}", moment=sunday_night)


def test_no_date_is_nothing():
    assert render("{% cn_date day %}{% cn_time day %}", day=None) == ""


def test_a_field_joins_hint_and_error_to_its_control():
    html = render("{% field form.place %}", form=Report({"place": ""}))
    assert 'aria-describedby="id_place_helptext id_place_error"' in html
    assert 'id="id_place_helptext"' in html and 'id="id_place_error"' in html and "form-control" in html
    assert html.index("<label") < html.index("form-text") < html.index("p-err") < html.index("<input")


def test_a_field_that_may_stay_empty_says_so():
    form = Report()
    assert "可不填" in render("{% field form.mobile %}", form=form)
    assert "可不填" not in render("{% field form.place %}", form=form)


def test_a_field_takes_attributes_with_dashes():
    html = render('{% field form.mobile inputmode="tel" data_kind="x" class="short" %}', form=Report())
    assert 'inputmode="tel"' in html and 'data-kind="x"' in html and "form-control short" in html


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = render("{% field form.way %}", form=Report())
    assert "<fieldset" in html and "<legend>怎么处理" in html and html.count('type="radio"') == 2


def test_a_select_and_a_tick_have_their_own_shape():
    assert "form-select" in render("{% field form.kind %}", form=Report())
    assert "p-pick" in render("{% field form.told %}", form=Report())


def test_the_summary_links_to_the_fields():
    html = render('{% include "includes/errors.html" %}', form=Report({"place": ""}))
    assert 'role="alert"' in html and 'href="#id_place"' in html and "在哪里" in html


def test_no_errors_no_summary():
    assert render('{% include "includes/errors.html" %}', form=Report()).strip() == ""


def test_paging_keeps_the_other_arguments(rf):
    request = rf.get("/list?state=open&page=2")
    html = render('{% paging page "件" %}', request, page=Paginator(range(60), 25).page(2))
    assert "共 60 件" in html and "第 2 页" in html
    assert "?state=open&amp;page=1" in html and "?state=open&amp;page=3" in html


def test_one_page_only_counts(rf):
    html = render("{% paging page %}", rf.get("/list"), page=Paginator(range(3), 25).page(1))
    assert "共 3 条" in html and "下一页" not in html
