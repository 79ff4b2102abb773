"""What pages say with a tag: icons, dates, states, fields, paging. `{% load page %}`

It stands here and not in `portal`, because every room's pages use it. Links to the same page with another
argument are Django's own `{% querystring page=2 %}`.
"""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.core.paginator import Page
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lib import money
from lib.periods import BEIJING

register = template.Library()

WEEKDAYS = "一二三四五六日"


@register.simple_tag
@lru_cache(200)  # a page shows fifty of them, and they never change
def icon(name: str) -> SafeString:
    """A symbol of static/icons.svg; decoration only, so screen readers skip it."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag
@lru_cache(500, typed=True)  # typed: a label that is marked safe is another one
def state(tone: str, icon_name: str, label: str) -> SafeString:
    """A badge that says its state by word, symbol and colour. Tones: mute, info, warn, bad, good (UI.md 5)."""
    return format_html('<span class="p-state" data-tone="{}">{}{}</span>', tone, icon(icon_name), label)


@register.simple_tag
def late(row, today: date | None) -> SafeString:
    """逾期 3 天, beside the state of a row that knows ``days_overdue``; nothing for one that is in time."""
    days = row.days_overdue(today) if today else 0
    return format_html(" {}", state("bad", "warn", f"逾期 {days} 天")) if days else SafeString("")


@register.simple_tag
def cn_date(day: date | datetime | None) -> SafeString:
    """A day as 11月18日 周三, never broken across lines; days of another year are 2025年11月18日."""
    if not day:
        return SafeString("")
    day = _beijing(day)
    return _time(day.strftime("%Y-%m-%d"), _day_in_words(day))


@register.simple_tag
def cn_time(moment: datetime | None) -> SafeString:
    """A moment as 11月18日 10:42 in Beijing, never broken across lines."""
    if not moment:
        return SafeString("")
    moment = _beijing(moment)
    words = f"{_day_in_words(moment).split(' ')[0]} {moment:%H:%M}"
    return _time(moment.isoformat(timespec="minutes"), words)


def _time(when: str, words: str) -> SafeString:
    return SafeString(f'<time class="nowrap" datetime="{when}">{words}</time>')


def _beijing(day: date | datetime) -> date | datetime:
    return day.astimezone(BEIJING) if isinstance(day, datetime) else day


def _day_in_words(day: date) -> str:
    if day.year != datetime.now(BEIJING).year:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


@register.inclusion_tag("includes/paging.html", takes_context=True)
def paging(context: template.Context, page: Page, unit: str = "条") -> dict:
    """How many there are, in words, and the way to the next and the previous page; other arguments stay."""
    return {"request": context["request"], "page": page, "unit": unit}


@register.inclusion_tag("includes/field.html")
def field(bound: BoundField, **attrs: str) -> dict:
    """One field of a form: label, hint, error, control. Further arguments become attributes of the control.

    `{% field form.mobile inputmode="tel" autocomplete="tel" %}`; an argument's `_` becomes `-`.
    """
    widget = bound.field.widget
    attrs = {name.replace("_", "-"): value for name, value in attrs.items()}
    if isinstance(widget, Textarea):
        attrs = {"rows": 3, **attrs}
    classes = [_bootstrap_class(widget), widget.attrs.get("class"), attrs.pop("class", "")]
    return {
        "field": bound,
        "control": bound.as_widget(attrs={**attrs, "class": " ".join(filter(None, classes))}),
        "choices": isinstance(widget, (RadioSelect, CheckboxSelectMultiple)),
        "tick": isinstance(widget, CheckboxInput),
    }


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as people read them: 495834 is 4,958.34; nothing for nothing."""
    return "" if fen is None else money.yuan(fen)


@register.filter
def is_used(form: BaseForm) -> bool:
    """Whether a filter narrows its list: something stands in one of its fields."""
    return any(bound.data for bound in form)


def _bootstrap_class(widget) -> str:
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple, CheckboxInput)):
        return ""
    if isinstance(widget, Select):
        return "form-select"
    return "form-control" if not isinstance(widget, FileInput) else "form-control p-file"
