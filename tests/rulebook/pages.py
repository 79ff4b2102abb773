"""Questions that every page of the rulebook is asked."""

import pytest

WHO_READS = ["administrator", "town_head", "clerk", "leader", "station_head", "cadre"]
WHO_DOES_NOT = ["firm", "resident"]


def readers(test):
    return pytest.mark.parametrize("who", WHO_READS)(test)


def others(test):
    return pytest.mark.parametrize("who", WHO_DOES_NOT)(test)
