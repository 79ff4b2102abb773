"""Guessing: one try on each of 10,000 numbers from 200 addresses. It ends at the site's limit and shows no words.

.venv/bin/python -m bench.faults.lookups
"""

import logging

from bench import database

NUMBERS, ADDRESSES = 10_000, 200


def fill() -> None:
    from django.utils import timezone

    from accounts.roles import Role
    from bench import town
    from complaints import registration

    town.make_people("clerk", Role.TOWN_CLERK, 1)
    place, now = town.make_places(1)[0], timezone.now()
    for n in range(50):
        registration.register(community=place, text=f"演示：垃圾没人收{n}", phone=f"1390000{n:04}", now=now)


def main() -> None:
    database.use("lookups", fill)
    from django.core.cache import cache
    from django.test import Client

    from complaints import guessing
    from complaints.models import Complaint

    logging.disable(logging.WARNING)  # each refusal would be a line
    cache.clear()
    day, client = Complaint.objects.first().number[2:10], Client()
    said = {"not found": 0, "stopped": 0, "hit": 0}
    for n in range(NUMBERS):
        typed = {"number": f"TS{day}-{n + 1:04}", "tail": f"{n % 10000:04}"}
        page = client.post("/complaints/lookup/", typed, REMOTE_ADDR=f"10.0.{n % ADDRESSES}.1").content.decode()
        assert "演示：垃圾没人收" not in page, "words on a page of number and digits"
        said["not found" if "没找到" in page else "stopped" if "没有查到" in page else "hit"] += 1
    print(f"{NUMBERS} tries from {ADDRESSES} addresses: {said}; the site's limit is {guessing.OF_SITE}")


if __name__ == "__main__":
    main()
