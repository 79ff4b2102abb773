import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.money import ScopeAreaZero, allocate, capitals, half_up, parse_yuan, yuan

AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.dictionaries(st.text(max_size=8), st.integers(0, 10**7), max_size=40)


@pytest.mark.parametrize(
    ("n", "d", "expected"), [(5, 10, 1), (4, 10, 0), (15, 10, 2), (25, 10, 3), (-5, 10, -1), (0, 3, 0), (-4, 10, 0)]
)
def test_half_goes_up(n, d, expected):
    assert half_up(n, d) == expected


def test_half_up_needs_a_divisor():
    with pytest.raises(ValueError):
        half_up(1, 0)


def test_equal_remainders_go_to_the_lowest_code():
    assert allocate(10_000, {"A-03": 1, "A-01": 1, "A-02": 1}) == {"A-01": 3334, "A-02": 3333, "A-03": 3333}
    assert list(allocate(10_000, {"A-03": 1, "A-01": 1, "A-02": 1})) == ["A-01", "A-02", "A-03"]


def test_the_largest_remainder_comes_first():
    areas = {"01-0101": 8956, "01-0102": 12010, "01-0201": 8956}
    assert allocate(100_001, areas) == {"01-0101": 29932, "01-0102": 40138, "01-0201": 29931}


def test_codes_are_in_byte_order():
    assert list(allocate(0, {"b": 1, "B": 1, "10": 1, "9": 1, "幢": 1, "\U0001f3e0": 1})) == [
        "10", "9", "B", "b", "幢", "\U0001f3e0",
    ]  # fmt: skip


def test_an_amount_over_nothing_is_refused():
    with pytest.raises(ScopeAreaZero) as error:
        allocate(1, {"A": 0})
    assert error.value.code == "SCOPE_AREA_ZERO"
    assert isinstance(error.value, ValueError)
    with pytest.raises(ScopeAreaZero):
        allocate(-1, {})


def test_nothing_over_nothing_is_nothing():
    assert allocate(0, {"A": 0, "B": 0}) == {"A": 0, "B": 0}
    assert allocate(0, {}) == {}


def test_a_weight_is_never_negative():
    with pytest.raises(ValueError):
        allocate(10, {"A": 5, "B": -1})


@given(AMOUNTS, WEIGHTS)
def test_no_fen_is_lost_and_nobody_pays_more_than_a_fen_too_much(amount, weights):
    total = sum(weights.values())
    if not total:
        return
    shares = allocate(amount, weights)
    assert sum(shares.values()) == amount
    assert list(shares) == sorted(weights, key=lambda code: code.encode("utf-8", "surrogatepass"))
    assert all(abs(share * total - amount * weights[code]) < total for code, share in shares.items())
    assert all(share == 0 for code, share in shares.items() if weights[code] == 0)


@given(AMOUNTS, WEIGHTS.filter(lambda weights: sum(weights.values())))
def test_a_negative_amount_is_the_mirror_image(amount, weights):
    assert allocate(-amount, weights) == {code: -share for code, share in allocate(amount, weights).items()}


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (495834, "4,958.34"),
        (-5, "−0.05"),
        (-495834, "−4,958.34"),
        (10**11, "1,000,000,000.00"),
    ],
)
def test_an_amount_is_written_in_yuan(fen, text):
    assert yuan(fen) == text


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("4958.34", 495834),
        ("4,958.34", 495834),
        ("￥４，９５８．３４ 元", 495834),
        (" ¥ 12 ", 1200),
        ("1 234.5", 123450),
        ("0", 0),
        ("0.05元", 5),
        ("−3.00", -300),
        ("-¥3", -300),
        ("¥－3", None),
    ],
)
def test_what_people_type_is_understood(text, fen):
    if fen is None:
        with pytest.raises(ValueError):
            parse_yuan(text)
    else:
        assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "  ", "元", "¥", "abc", "1.234", "1,2", "12,34.00", "1.2.3", "1e5", "٣", "+5", "1,50"]
)
def test_what_is_no_amount_gets_a_sentence(text):
    with pytest.raises(ValueError, match=r"。$"):
        parse_yuan(text)


def test_a_number_nobody_means_gets_a_sentence():
    with pytest.raises(ValueError, match="太大"):
        parse_yuan("9" * 16)


@given(st.integers(-(10**17) + 1, 10**17 - 1))
def test_what_is_written_is_read_again(fen):
    assert parse_yuan(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (10700053, "壹拾万零柒仟元伍角叁分"),
        (1000, "壹拾元整"),
        (100_000_000_00, "壹亿元整"),
        (100_010_000_00, "壹亿零壹万元整"),
        (10_000_000_000_00, "壹佰亿元整"),
        (10**14, "壹万亿元整"),
        (-495834, "负肆仟玖佰伍拾捌元叁角肆分"),
    ],
)
def test_capitals(fen, text):
    assert capitals(fen) == text


def test_capitals_end_somewhere():
    with pytest.raises(ValueError):
        capitals(10**18)


@given(st.integers(1, 10**18 - 1))
def test_capitals_never_double_a_zero_nor_end_in_one(fen):
    text = capitals(fen)
    assert "零零" not in text
    assert not text.endswith("零")
    assert text.endswith(("整", "分"))


@given(st.integers(0, 10**18 - 1))
def test_capitals_can_be_read_back(fen):
    assert read_capitals(capitals(fen)) == fen


def read_capitals(text: str) -> int:
    """An independent reading, by place value."""
    units = {"仟": 1000, "佰": 100, "拾": 10}
    whole, _, rest = text.rpartition("元")
    total = section = digit = 0
    for sign in whole.replace("万亿", "兆"):
        if sign in units:
            section, digit = section + digit * units[sign], 0
        elif sign in "兆亿万":
            section += digit
            total += section * {"兆": 10**12, "亿": 10**8, "万": 10**4}[sign]
            section = digit = 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
    fen = (total + section + digit) * 100
    for sign, unit in (("角", 10), ("分", 1)):
        before, found, _ = rest.partition(sign)
        if found:
            fen += "零壹贰叁肆伍陆柒捌玖".index(before[-1]) * unit
    return fen
