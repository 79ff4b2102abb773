"""Against robots that write complaints: each address has its share, and a busy site asks browsers for a puzzle, which
people do not notice. Staff refuse abuse with a reason. Issue 7 §2
"""

from django.http import HttpRequest

from accounts import limits, puzzles

NAME, HOUR = "complaint", 3600
OF_ADDRESS, OF_SITE = 20, 3000
FREE = 120  # an hour; a town has some twenty a day, and a great outage some hundred


def is_busy() -> bool:
    """So many came within the hour that each further one costs a puzzle."""
    return limits.taken(NAME) >= FREE


def challenge() -> str:
    """The puzzle for a page, when one is needed now."""
    return puzzles.challenge() if is_busy() else ""


def demand_person(request: HttpRequest, solution: str) -> None:
    """Counts one more complaint of this address; without its puzzle it counts none, as phones try again by themselves.

    Raises:
        limits.TooMany: this address or the site had its share.
        puzzles.NeedsPuzzle: the site is busy and no puzzle was solved.
    """
    if is_busy() and not puzzles.is_solved(solution):
        raise puzzles.NeedsPuzzle("现在提交的人很多，请再点一次“提交”。一直不行就打电话，我们替您登记。")
    limits.take(NAME, request, each=OF_ADDRESS, all_=OF_SITE, seconds=HOUR)
