"""The resident's steps, as a browser without scripts walks them."""

import re
from html import unescape

from django.urls import reverse


def hidden(response) -> dict[str, str]:
    """The hidden fields of a page."""
    html = response.content.decode()
    found = {}
    for tag in re.findall(r"<input[^>]+type=\"hidden\"[^>]*>", html):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and name[1] not in ("csrfmiddlewaretoken", "solution"):
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def walk(client, community, *, text="北门垃圾桶满了两天没人收", phone="13800001234", upto="submit", **more):
    """Walks to a step; returns its page. ``more`` is typed too: place, name, category, same."""
    url = reverse("complaints:new-here", args=[community.code])
    page = client.get(url)
    typed = {"text": text, "phone": "", **more}  # the field for those without signal
    page = client.post(url, hidden(page) | typed | {"step": "contact"})
    if upto == "contact" or page.status_code != 200:
        return page
    page = client.post(url, hidden(page) | {"phone": phone, "name": more.get("name", ""), "step": "check"})
    if upto == "check" or page.status_code != 200:
        return page
    check = {name: more[name] for name in ("hidden",) if name in more}
    check |= {"category": more.get("category", "hygiene"), "same": more.get("same", ""), "step": "submit"}
    return client.post(url, hidden(page) | check)
