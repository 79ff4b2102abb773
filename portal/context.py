"""What every page knows: the town, whether it is a demo, the menu."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.demo import is_demo

from .menu import menu


def page(request: HttpRequest) -> dict:
    return {
        "site": settings.SITE,
        "demo": SimpleLazyObject(is_demo),
        "nav": SimpleLazyObject(lambda: menu(request)) if hasattr(request, "user") else [],
    }
