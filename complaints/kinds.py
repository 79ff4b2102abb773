"""The words of complaints: whence they come, what they are about, who answers, how urgent they are. DOMAIN E.1–E.4"""

from django.db.models import TextChoices


class Source(TextChoices):
    ONLINE = "online", "网上"
    PHONE = "phone", "电话"
    VISIT = "visit", "来访"
    HOTLINE = "hotline", "12345"
    LETTER = "letter", "来信"
    REPORT_BOX = "report_box", "举报箱"
    TRANSFERRED = "transferred", "上级转办"
    MAILBOX = "mailbox", "信箱"


class Level(TextChoices):
    """Who answers. A higher one has a longer term and the last word."""

    FIRM = "firm", "物业企业"
    STATION = "station", "物管站"
    TOWN = "town", "镇物业办"

    @property
    def rank(self) -> int:
        return list(Level).index(self)

    @property
    def above(self) -> "Level":
        """One level higher; the town is the highest."""
        return list(Level)[min(self.rank + 1, len(Level) - 1)]


class Track(TextChoices):
    """What becomes of it: the three ways of plan 1. DOMAIN E.4"""

    SERVICE = "service", "物业服务"
    DISPUTE = "dispute", "矛盾纠纷，先调处"
    VIOLATION = "violation", "违法违规，移交部门"


class Urgency(TextChoices):
    NORMAL = "normal", "一般"
    REPAIR = "repair", "水电急修，当天办"
    SAFETY = "safety", "涉及安全，限时到场"
    LIFE = "life", "危及生命，马上到场"


class Category(TextChoices):
    HYGIENE = "hygiene", "垃圾和环境卫生"
    GREENERY = "greenery", "绿化"
    PILE = "pile", "乱堆乱放"
    VEHICLE = "vehicle", "停车和充电"
    FIRE = "fire", "消防安全"
    BUILD = "build", "违章搭建、拆改"
    LIFT = "lift", "电梯"
    WATER = "water", "停水、漏水、下水堵"
    ELECTRICITY = "electricity", "停电、用电"
    FACILITY = "facility", "门禁、路灯、道路等设施"
    SERVICE = "service", "物业服务和收费"
    NEIGHBOUR = "neighbour", "邻里纠纷"
    FUND = "fund", "维修资金"
    OTHER = "other", "其他"

    @property
    def track(self) -> Track:
        return TRACKS.get(self, Track.SERVICE)

    @property
    def level(self) -> Level:
        """Who answers at first, unless somebody decides otherwise."""
        if self == Category.FUND:
            return Level.TOWN
        return Level.FIRM if self.track == Track.SERVICE else Level.STATION


TRACKS = {Category.BUILD: Track.VIOLATION, Category.NEIGHBOUR: Track.DISPUTE}

# Which words speak for which category, the plainest first; a page shows the word that decided.
WORDS: dict[Category, tuple[str, ...]] = {
    Category.LIFT: ("电梯", "轿厢", "困人"),
    Category.FIRE: ("消防", "灭火器", "消火栓", "着火", "冒烟", "烟感", "飞线", "疏散"),
    Category.WATER: ("停水", "漏水", "渗水", "水管", "下水", "堵了", "返水", "水压", "没水"),
    Category.ELECTRICITY: ("停电", "没电", "跳闸", "电线", "漏电", "电表", "断电"),
    Category.HYGIENE: ("垃圾", "卫生", "臭", "保洁", "清扫", "脏", "污水", "老鼠", "蟑螂"),
    Category.GREENERY: ("绿化", "树", "草坪", "种菜", "花坛"),
    Category.VEHICLE: ("停车", "车位", "车辆", "堵车", "充电桩", "电动车", "电瓶车", "车库", "僵尸车"),
    Category.PILE: ("堆放", "杂物", "堆在", "楼道", "占用"),
    Category.BUILD: ("违建", "违章", "搭建", "承重墙", "拆墙", "阳光房"),
    Category.NEIGHBOUR: ("邻居", "楼上", "噪音", "噪声", "吵", "装修声", "养狗", "狗叫", "广场舞"),
    Category.FUND: ("维修资金", "维修基金"),
    Category.SERVICE: ("物业费", "收费", "保安", "态度", "不管", "公示", "物业公司", "公共收益"),
    Category.FACILITY: (
        "路灯",
        "门禁",
        "监控",
        "道闸",
        "路面",
        "屋顶",
        "外墙",
        "围墙",
        "健身",
        "井盖",
        "灯不亮",
        "门坏",
    ),
}

# What endangers life, what endangers safety: the page says whom to call before anything is written. DOMAIN E.3
LIFE_WORDS = (
    "困在",
    "被困",
    "困人",
    "漏气",
    "煤气味",
    "燃气味",
    "冒烟",
    "着火",
    "起火",
    "坠落",
    "掉下来",
    "往下掉",
    "触电",
    "爆炸",
)
SAFETY_WORDS = ("漏电", "裂缝", "倾斜", "井盖", "松动", "断裂", "塌", "消防通道", "私拉", "飞线")


def suggested(text: str) -> tuple[Category, str]:
    """The category that the words speak for, and the word that decided; OTHER and nothing where none does."""
    found = [(text.find(word), category, word) for category, words in WORDS.items() for word in words if word in text]
    if not found:
        return Category.OTHER, ""
    counts = {category: sum(1 for _, other, _ in found if other == category) for _, category, _ in found}
    most = max(counts.values())
    _, category, word = min((row for row in found if counts[row[1]] == most), key=lambda row: row[0])
    return category, word


def urgency_of(text: str, category: str, *, repairs: tuple[str, ...]) -> Urgency:
    """How urgent the words sound; ``repairs`` are the categories that are mended on the same day (a rule row)."""
    if any(word in text for word in LIFE_WORDS):
        return Urgency.LIFE
    if any(word in text for word in SAFETY_WORDS):
        return Urgency.SAFETY
    return Urgency.REPAIR if category in repairs else Urgency.NORMAL
