"""Numbers that only this room reads, beside those of the rulebook's own catalogue. Topics 考核 and 信用."""

from functools import partial

from rulebook import keys
from rulebook.catalogue import INTEGER, LIST

rule = partial(keys.declare, topic="考核")
rule("score.spot_sheets", "每月抽查物管站几份考核", INTEGER, "份")
rule("score.spot_exemptions", "每月抽查几条免扣", INTEGER, "条")

rule = partial(keys.declare, topic="信用")
rule("credit.months", "信用信息保留多久", INTEGER, "个月")
rule("credit.f_in_a_row", "连续几个月 F 档提出信用信息", INTEGER, "个月")
rule("star.from_points", "一到五星各从多少分起", LIST, "分")
