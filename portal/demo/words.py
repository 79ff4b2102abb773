"""The names of the demo town. The communities of 方案一 bear 演示· before their names; all people are invented."""

from dataclasses import dataclass

from accounts.roles import Role

MARK = "演示·"


@dataclass(frozen=True)
class Place:
    """A community to be made. ``weight``: its share of the town's units; ``style``: how its buildings look."""

    name: str
    village: int
    kind: str
    year: int
    weight: int
    style: str  # slab: six floors, tower: eleven to eighteen, dormitory: four or five
    tags: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()  # what they are called, where it is not 1幢, 2幢, …


VILLAGES = [("城东社区", "residents"), ("城西社区", "residents"), ("城中社区", "residents")]
VILLAGES += [("滨湖社区", "residents"), ("荆江村", "village"), ("松岭村", "village")]

SETTLEMENT, DEVELOPED, OTHER = "settlement", "developed", "other"
PLACES = [
    # the eight old ones of 方案一
    Place("财政税务局宿舍", 2, OTHER, 1992, 9, "dormitory", ("old", "unit_built", "dormitory")),
    Place("防疫站妇幼保健所宿舍", 2, OTHER, 1989, 7, "dormitory", ("old", "unit_built", "dormitory")),
    Place("中医院宿舍", 2, OTHER, 1994, 8, "dormitory", ("old", "unit_built", "dormitory")),
    Place("政法小区", 2, OTHER, 1997, 11, "dormitory", ("old", "unit_built")),
    Place("荆江西路ABCD楼", 4, OTHER, 1996, 12, "dormitory", ("old", "scattered"), ("A楼", "B楼", "C楼", "D楼")),
    Place("城中城小区", 2, OTHER, 1998, 14, "slab", ("old",)),
    Place("政府宿舍大院", 1, OTHER, 1985, 9, "dormitory", ("old", "unit_built", "dormitory")),
    Place("环城南路789号楼", 0, OTHER, 1999, 9, "dormitory", ("old", "scattered"), ("7号楼", "8号楼", "9号楼")),
    # fourteen for people who were resettled, the first three of 方案一
    Place("迎宾新都", 1, SETTLEMENT, 2006, 40, "slab"),
    Place("松苑小区", 0, SETTLEMENT, 2008, 34, "slab"),
    Place("滨湖花园", 0, SETTLEMENT, 2010, 38, "slab"),
    Place("柳岸新村", 3, SETTLEMENT, 2011, 30, "slab"),
    Place("桃源新居", 3, SETTLEMENT, 2012, 28, "slab"),
    Place("北山新村", 5, SETTLEMENT, 2009, 26, "slab"),
    Place("枫林新苑", 5, SETTLEMENT, 2013, 32, "slab"),
    Place("溪口家园", 4, SETTLEMENT, 2014, 36, "slab"),
    Place("荆江新村", 4, SETTLEMENT, 2007, 30, "slab"),
    Place("新桥花苑", 1, SETTLEMENT, 2015, 42, "tower"),
    Place("梅园新居", 5, SETTLEMENT, 2016, 38, "tower"),
    Place("双塘家园", 3, SETTLEMENT, 2017, 44, "tower"),
    Place("石塘新村", 5, SETTLEMENT, 2010, 24, "slab"),
    Place("云溪新居", 4, SETTLEMENT, 2018, 46, "tower", ("model",)),
    # eight by developers
    Place("锦绣家园", 0, DEVELOPED, 2014, 44, "tower"),
    Place("书香苑", 0, DEVELOPED, 2012, 30, "slab"),
    Place("望江苑", 1, DEVELOPED, 2016, 40, "tower", ("model",)),
    Place("桂花园", 1, DEVELOPED, 2009, 26, "slab"),
    Place("听松居", 5, DEVELOPED, 2019, 36, "tower"),
    Place("绿荫雅苑", 3, DEVELOPED, 2011, 30, "slab"),
    Place("湖畔春晓", 3, DEVELOPED, 2020, 44, "tower"),
    Place("荆溪华庭", 4, DEVELOPED, 2021, 46, "tower"),
]

FIRMS = ["安居物业", "和顺物业", "绿洲物业", "康乐物业", "新邦物业", "诚邻物业", "益民公益物业"]
PUBLIC_FIRM = 6  # 社区牵头的公益性物业, which takes over old communities
FIRMS_OF = {
    "松苑小区": (0, 1),
    "滨湖花园": (1, 0),
    "锦绣家园": (1, 0),
    "书香苑": (5, 0),
}  # the first, then the next one
CHANGED_FIRM = "锦绣家园"
LOST_ITS_FIRM = "石塘新村"  # its contract has ended without another

# The accounts behind the one-click sign-in, one a role: demo-cadre and so on.
CAST = {
    Role.ADMINISTRATOR: "孙管理",
    Role.TOWN_HEAD: "赵建平",
    Role.TOWN_CLERK: "李敏",
    Role.FUND_CLERK: "方会计",
    Role.FUND_CHECKER: "沈复核",
    Role.FUND_APPROVER: "吕审批",
    Role.LEADER: "吴副镇长",
    Role.STATION_HEAD: "王建军",
    Role.STATION_CLERK: "钱小芳",
    Role.CADRE: "陈国平",
    Role.FIRM_MANAGER: "林志明",
    Role.FIRM_STAFF: "周小燕",
    Role.COMMITTEE_MEMBER: "郑为民",
    Role.BUILDING_HEAD: "何桂香",
    Role.PARTNER: "汪结对",
    Role.RESIDENT: "王桂兰",
}
CADRES = ["王晓红", "张志强", "刘丽华", "杨建国", "黄小梅", "徐永康", "朱海燕", "马国庆"]
CADRES += ["胡春生", "郭秋菊", "罗文斌", "梁爱珍", "宋立新", "谢丹丹"]
STATION_HEADS = ["何永明", "冯月琴", "董志华", "袁国栋", "潘水根"]
STATION_CLERKS = ["于佳佳", "蒋倩倩", "蔡文静", "余晨晨", "杜小军"]
RETIRED_CADRE = "石老根"  # handed his communities over and has no account in use

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余杜叶程魏苏吕丁任沈姚卢"
GIVEN = ["桂英", "玉兰", "建华", "秀珍", "国强", "志刚", "小明", "丽娟", "海峰", "春梅", "永福", "金花", "水根", "文英"]
GIVEN += [
    "阿根",
    "美玲",
    "根土",
    "月娥",
    "伟民",
    "素琴",
    "长林",
    "凤仙",
    "立群",
    "雪芬",
    "德明",
    "彩云",
    "家宝",
    "云飞",
]

# Findings: code of the check list → what the cadre writes, where.
FINDINGS = {
    "HYG1": [("北门路面积水", "北门"), ("雨水沟渠堵了，下雨就漫水", "东侧道路")],
    "HYG2": [("垃圾桶满溢，袋子堆在地上", "北门垃圾点"), ("垃圾没有日产日清", "南侧垃圾房")],
    "HYG3": [("围墙边有垃圾死角", "西围墙")],
    "HYG4": [("单元门上贴满小广告", "单元门口")],
    "HYG5": [("绿化带黄土裸露，没人修剪", "中心花园"), ("枯树没有清理", "南侧绿化带")],
    "HYG6": [("绿化带里种了菜", "楼后绿化带")],
    "HYG7": [("架空层里养鸡", "架空层")],
    "HYG8": [("树上拉绳晒被子", "中心花园")],
    "PIL1": [("楼道堆放纸箱、旧自行车", "2单元楼道"), ("楼道里放旧家具", "1单元三楼")],
    "PIL2": [("装修垃圾堆在道路边", "主干道"), ("废旧家具丢在绿化带", "东侧绿化带")],
    "PIL3": [("车棚里有两辆僵尸车", "车棚")],
    "VEH1": [("车停在草坪上", "楼前草坪"), ("车辆乱停，挡住单元门", "单元门口")],
    "VEH4": [("电动车停在楼道口充电", "1单元门口"), ("充电棚坏了，电动车乱停", "充电棚")],
    "FIR3": [("消火栓箱里少一支水枪", "二楼消火栓")],
    "FIR4": [("灭火器过期", "一楼门厅"), ("灭火器压力不足", "地下车库")],
    "FIR7": [("疏散楼梯上放鞋柜", "四楼楼梯间")],
    "FIR8": [("消防通道上停了三辆车", "东侧消防通道")],
    "FIR11": [("三楼窗口拉线给电动车充电", "楼前")],
    "BLD2": [("一楼院子里搭了彩钢棚", "楼前院子")],
    "BLD4": [("楼顶平台加锁，别人上不去", "楼顶")],
    "FAC2": [("路灯不亮", "中心道路"), ("监控坏了一路", "南门"), ("单元门禁失灵", "单元门口")],
    "FAC3": [("路面坑洼", "北门进来的路"), ("雨水管脱落", "楼后")],
    "PUB1": [("收支没有公示", "公开栏")],
    "PUB2": [("公开栏玻璃碎了，里面是空的", "南门")],
    "PUB3": [("保安没有着装挂牌", "门岗")],
}
WEIGHTS = {"HYG": 5, "PIL": 4, "VEH": 4, "FIR": 3, "BLD": 1, "FAC": 3, "PUB": 1}  # how often each kind comes up
PLACES_SEEN = [
    "大门、主干道、垃圾点",
    "楼道、车棚、充电棚",
    "消防通道、地下车库",
    "中心花园、公开栏",
    "各单元门口、楼顶",
]
NOTES = ["", "", "", "", "", "物业项目经理一起看的。", "跟楼幢长聊了聊，说最近安静多了。", "下雨天，重点看了排水。"]
MISSED = ["全村防汛值班", "参加县里集中培训", "生病住院，没来得及找人代", "换届选举，抽调一周", "人口普查入户"]
REMARKS = ["下午又去看了一次，已经清掉了。", "物业说明天来修。", "业主说周末自己搬走。", "已经跟社区说过，一起想办法。"]
