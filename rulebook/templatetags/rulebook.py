"""The rule that governs a button or a number, beside it: ``{% load rulebook %}{% rule "patrol.weekly_quota" %}``."""

from datetime import date

from django import template
from django.utils import timezone

from rulebook import keys, rules

register = template.Library()


@register.inclusion_tag("rulebook/_rule.html")
def rule(key: str, day: date | None = None) -> dict:
    """The rule's label, value in words, basis and the source's own words, as of a day (today, if none is given)."""
    return {"key": keys.get(key), "rule": rules.in_force(day or timezone.localdate(), key)}


@register.simple_tag
def rule_words(key: str, day: date | None = None) -> str:
    """Only the value in words, to stand inside a sentence: 每周 {% rule_words "patrol.weekly_quota" %}."""
    row = rules.in_force(day or timezone.localdate(), key)
    return row.words if row else "没有填"
