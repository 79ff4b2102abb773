"""static/drafts.js: one draft a user and community, kept until the office has it."""

import pytest


@pytest.fixture
def phone(blank_page):
    blank_page.add_script_tag(url="/static/drafts.js")
    return blank_page


def test_a_draft_comes_back(phone):
    phone.evaluate("drafts.put({user: '7', community: '3', uuid: 'u', fields: [['note', '楼道']]})")
    draft = phone.evaluate("drafts.get('7', '3')")
    assert draft["fields"] == [["note", "楼道"]] and draft["savedAt"]


def test_somebody_else_on_the_same_phone_sees_nothing(phone):
    phone.evaluate("drafts.put({user: '7', community: '3'})")
    assert phone.evaluate("drafts.get('8', '3')") is None
    assert phone.evaluate("drafts.list('8')") == []


def test_one_draft_a_community(phone):
    for words in ("一", "二"):
        phone.evaluate("words => drafts.put({user: '7', community: '3', words})", words)
    phone.evaluate("drafts.put({user: '7', community: '4'})")
    assert [draft["community"] for draft in phone.evaluate("drafts.list('7')")] == ["3", "4"]
    assert phone.evaluate("drafts.get('7', '3')")["words"] == "二"


def test_a_draft_goes_with_its_photos_and_no_others(phone):
    phone.evaluate("""async () => {
      await drafts.put({user: '7', community: '3'});
      await drafts.putPhoto({id: 'a', draft: '7:3', blob: new Blob(['x'])});
      await drafts.putPhoto({id: 'b', draft: '7:4', blob: new Blob(['y'])});
      await drafts.remove('7', '3');
    }""")
    assert phone.evaluate("drafts.photos('7:3')") == []
    assert phone.evaluate("drafts.photos('7:4').then((all) => all.length)") == 1


def test_numbers_made_by_the_phone_are_uuids_of_version_4(phone):
    made = phone.evaluate("Array.from({length: 50}, () => drafts.uuid())")
    assert len(set(made)) == 50
    assert all(len(number) == 36 and number[14] == "4" and number[19] in "89ab" for number in made)
