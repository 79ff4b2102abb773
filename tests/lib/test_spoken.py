"""Text as a voice keyboard delivers it."""

import pytest
from django import forms

from lib.spoken import SpokenField


class Form(forms.Form):
    text = SpokenField(max_length=10)
    note = SpokenField(max_length=100, required=False, lines=True)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("3幢1单元\n楼道堆纸箱", "3幢1单元楼道堆纸箱"),
        ("三幢 一单元　楼道。", "三幢一单元楼道。"),
        (" A座 2层 \r\n", "A座 2层"),
        ("ok ok", "ok ok"),
    ],
)
def test_breaths_are_no_part_of_what_was_said(said, kept):
    form = Form({"text": said})
    assert form.is_valid() or "max_length" in str(form.errors.as_data())
    assert form["text"].field.to_python(said) == kept


def test_lines_of_a_note_stay():
    form = Form({"text": "好", "note": "第一行\r\n第二 行"})
    assert form.is_valid() and form.cleaned_data["note"] == "第一行\n第二行"


def test_what_is_too_long_is_explained_and_kept_not_cut_off():
    form = Form({"text": "一二三四五六七八九十百"})
    assert not form.is_valid()
    assert form.errors["text"] == ["写长了：最多 10 个字，现在有 11 个。删短一点再提交，写的都还在。"]
    assert "一二三四五六七八九十百" in str(form["text"])
    assert "maxlength" not in str(form["text"]) and 'data-most="10"' in str(form["text"])
