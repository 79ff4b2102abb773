"""Error pages say what happened, what is kept and whom to call; they need no database."""

import logging

import pytest
from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from config import errors

PAGES = ["400", "403", "404", "405", "413", "429", "500", "csrf"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_without_request_database_or_context(name):
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html and 'lang="zh-CN"' in html and "<style" not in html and "style=" not in html


@pytest.mark.parametrize("name", PAGES[:-1])
def test_a_page_says_whom_to_call(name):
    html = render_to_string(f"{name}.html", {"site": settings.SITE})
    assert f'href="tel:{settings.SITE["phone"]}"' in html and "首页" in html


def test_a_failure_has_a_number_that_the_log_has_too(rf, caplog):
    with caplog.at_level(logging.ERROR, logger="linzhi"):
        response = errors.server_error(rf.get("/patrols/"))
    code = caplog.messages[0].partition(":")[0]
    assert response.status_code == 500 and code.startswith("E-") and code in response.content.decode()


def test_a_wrong_method_is_explained_and_keeps_its_header(rf, monkeypatch):
    monkeypatch.setattr(errors.loader, "render_to_string", lambda name, request: name)
    response = errors.Explained(lambda request: HttpResponseNotAllowed(["POST"]))(rf.get("/"))
    assert response.status_code == 405 and response["Allow"] == "POST" and response.content == b"405.html"


def test_a_program_gets_the_refusal_as_it_was(rf):
    refused = errors.Explained(lambda request: HttpResponseNotAllowed(["POST"]))
    assert refused(rf.get("/", headers={"accept": "application/json"})).content == b""


def test_an_answer_with_words_of_its_own_keeps_them(rf):
    answer = errors.Explained(lambda request: HttpResponse("请等 15 分钟", status=429))(rf.get("/"))
    assert answer.content.decode() == "请等 15 分钟"
