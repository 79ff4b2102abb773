"""The list pages of patrols and findings, 25 rows with filters, beside the emptiest response of the same application.

.venv/bin/python -m bench.lists [office|station|cadre]
"""

import sys

from bench import database

LIMIT, STRETCH, MOST_QUERIES = 60, 25, 6
USERS = {"office": "clerk1", "station": "head3", "cadre": "cadre7"}
EVERY_PAGE = 5  # session, account, roles, demo mark, unread messages
PAGES = {
    "patrols": "/patrols/",
    "patrols, page 40": "/patrols/?page=40",
    "patrols, filtered": "/patrols/?kind=daily&found=1&first=2026-01-01",
    "patrols, words": "/patrols/?q=灭火器",
    "patrols, number": "/patrols/?q=-0007",
    "findings": "/patrols/findings/",
    "findings, filtered": "/patrols/findings/?state=open&severity=major",
    "findings, words": "/patrols/findings/?q=灭火器",
}


def fill() -> None:
    from bench import town

    town.fill()


def main() -> None:
    database.use("town", fill)
    from bench.measure import by_turns, ms, statements
    from bench.requests import Browser

    browser = Browser(USERS[sys.argv[1] if len(sys.argv) > 1 else "office"])
    works = {"bare": (Browser().get("/bare/"), 20)} | {name: (browser.get(path), 3) for name, path in PAGES.items()}
    taken = by_turns(works)
    bare = taken["bare"][0]
    print(f"{'bare response':20} CPU {bare * 1000:6.2f} ms")
    for name in PAGES:
        (cpu, wall), sent = taken[name], statements(works[name][0])
        print(
            f"{name:20} CPU {ms(cpu):>8} = {cpu / bare:5.1f} × bare   clock {ms(wall):>8}   "
            f"{len(sent)} statements, {len(sent) - EVERY_PAGE} its own"
        )
    print(f"goal: ≤ {LIMIT} × bare, stretch {STRETCH} ×; ≤ {MOST_QUERIES} statements of its own")


if __name__ == "__main__":
    main()
