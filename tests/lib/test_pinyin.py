import pytest

from lib.pinyin import initials, sort_key


@pytest.mark.parametrize(
    ("name", "key", "letters"),
    [
        ("松苑小区", "songyuanxiaoqu", "syxq"),
        ("演示·松苑小区", "yanshisongyuanxiaoqu", "yssyxq"),
        ("12幢A座", "12zhuangazuo", "12zaz"),
        ("绿城", "lvcheng", "lc"),
        ("", "", ""),
    ],
)
def test_a_name_has_a_key_and_initials(name, key, letters):
    assert (sort_key(name), initials(name)) == (key, letters)


def test_names_sort_as_a_dictionary_does():
    assert sorted(["政法小区", "城中城小区", "荆江西路"], key=sort_key) == ["城中城小区", "荆江西路", "政法小区"]
