"""The service worker and the pages that it keeps: the same for everybody, and new with every release."""

import json
import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

from portal import offline

pytestmark = pytest.mark.django_db
WORKER = reverse("portal:service-worker")


def named(text: str, name: str):
    return json.loads(re.search(rf"^const {name} = (.*);$", text, re.M)[1])


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(stranger):
    answer = stranger.get(WORKER)
    assert WORKER == "/sw.js"
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    assert named(answer.content.decode(), "VERSION") == offline.version()


def test_every_file_it_keeps_is_there_under_its_lasting_name(stranger):
    files = named(offline.worker(), "FILES")
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", file) for file in files)
    assert all(staticfiles_storage.exists(file.removeprefix(staticfiles_storage.base_url)) for file in files)


def test_the_pages_it_keeps_need_no_account_and_no_other_files(stranger):
    text = offline.worker()
    files = set(named(text, "FILES"))
    for address in set(named(text, "PAGES").values()):
        page = stranger.get(address)
        assert page.status_code == 200
        assert "csrfmiddlewaretoken" not in page.content.decode()
        wanted = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page.content.decode()))
        assert wanted <= files, wanted - files


def test_a_changed_template_is_a_new_version(tmp_path, monkeypatch):
    before = offline.version()
    changed = tmp_path / "changed.html"
    changed.write_text("changed")
    monkeypatch.setattr(offline, "_templates", lambda: [changed])
    assert offline.version.__wrapped__() != before


def test_without_signal_there_is_a_way_on(stranger):
    page = stranger.get(reverse("portal:offline")).content.decode()
    assert reverse("inspections:patrol-new") in page and reverse("inspections:queue") in page
