"""What pages say of scores: tenths as people read them, the state of a sheet. `{% load scores %}`"""

from django import template
from django.utils.safestring import SafeString

from accounts.templatetags.page import state

from .. import boards
from ..points import written

register = template.Library()


@register.filter
def points(deci: int | None) -> str:
    """Tenths as people read them: 877 is 87.7; nothing for nothing."""
    return "" if deci is None else written(deci)


@register.filter
def of(found: dict, key: str) -> int:
    """What stands under a key, 0 where nothing does."""
    return found.get(key, 0)


@register.filter
def signed(deci: int | None) -> str:
    """The same with a plus sign above zero."""
    return "" if deci is None else f"+{written(deci)}" if deci > 0 else written(deci)


@register.simple_tag
def sheet_state(sheet) -> SafeString:
    """The badge of a sheet."""
    return state(*boards.state(sheet))
