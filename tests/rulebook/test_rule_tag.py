from datetime import date

import pytest
from django.template import Context, Template

from rulebook.keys import UnknownRule


def shown(source, **context):
    return Template("{% load rulebook %}" + source).render(Context(context))


def test_a_button_shows_its_rule_and_the_article(db):
    page = shown('{% rule "patrol.weekly_quota" %}')
    for said in ("每周巡查次数：3 次", "每周不少于三次", "方案一"):
        assert said in page


def test_a_past_day_shows_the_rule_of_that_day(a_rule):
    a_rule("patrol.weekly_quota", 2, date(2026, 6, 1))
    assert "3 次" in shown('{% rule "patrol.weekly_quota" day %}', day=date(2026, 5, 31))
    assert "2 次" in shown('{% rule "patrol.weekly_quota" day %}', day=date(2026, 6, 1))


def test_an_empty_rule_says_so(db):
    assert "没有填" in shown('{% rule "settlement.permit_cutoff" %}')
    assert shown('{% rule_words "settlement.permit_cutoff" %}') == "没有填"


def test_a_value_stands_in_a_sentence(db):
    assert shown('每周 {% rule_words "patrol.weekly_quota" %}') == "每周 3 次"


def test_what_was_typed_is_escaped(a_rule):
    a_rule("patrol.weekly_quota", 2, date(2026, 6, 1), article="<b>三次</b>")
    assert "&lt;b&gt;" in shown('{% rule "patrol.weekly_quota" %}')


def test_an_unknown_key_is_our_mistake(db):
    with pytest.raises(UnknownRule):
        shown('{% rule "no.such" %}')


def test_it_asks_the_database_nothing_twice(db, django_assert_num_queries):
    shown('{% rule "patrol.weekly_quota" %}')
    with django_assert_num_queries(0):
        shown('{% rule "patrol.weekly_quota" %}{% rule "recheck.workdays" %}')
