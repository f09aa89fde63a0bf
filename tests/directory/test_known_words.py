"""The table of words: what came with the program, and what administrators add, with who and when."""

import pytest

from callcenter.directory.care_words import care_of
from callcenter.directory.known_words import load_vocabulary
from callcenter.directory.vocabulary import VALUES, Subject

WORDS = "/api/v1/residents/import/words"


@pytest.fixture
async def administrator(signed_in, community):
    return await signed_in("administrator", community.root)


@pytest.fixture
async def worker(signed_in):
    return await signed_in("community_worker")


async def test_what_came_with_the_program_means_what_the_columns_know(database, owner):
    """A word of which both know says the same in both; those of which only the table knows are why it is there."""
    rows = await owner.fetch("SELECT word, subject, value FROM import_word WHERE shipped")
    assert len(rows) > 150
    for row in rows:
        subject = Subject(row["subject"])
        assert row["value"] in (VALUES[subject] or ("",)), row["word"]
        if subject in (Subject.LIVING, Subject.WELFARE, Subject.ABILITY):
            care = care_of({"living": [], "welfare": [row["word"]], "ability": []})
            known = [*care.welfare, *filter(None, (care.living, care.ability))]
            assert known in ([], [row["value"]]), row["word"]
    async with database.transaction() as session:
        vocabulary = await load_vocabulary(session)
    assert vocabulary.meaning("军烈属").value == "preferential"


async def test_a_word_that_an_administrator_adds_is_understood_and_says_who_and_when(
    administrator, worker, owner
):
    body = {"word": "五色户", "subject": "welfare", "value": "preferential"}
    added = await administrator.post(WORDS, json=body)
    assert added.status_code == 201, added.text
    first = (await worker.get(WORDS)).json()[0]
    assert (first["word"], first["shipped"], first["at"] is not None) == ("五色户", False, True)
    assert first["by"].startswith("administrator")
    entry = await owner.fetchrow("SELECT * FROM audit_entry WHERE action = 'import_word_added'")
    assert entry["detail"] == {"before": None, "after": body}


async def test_a_word_is_said_anew_and_taken_out(administrator, owner):
    body = {"word": "五色户", "subject": "welfare", "value": "preferential"}
    word = (await administrator.post(WORDS, json=body)).json()
    again = await administrator.post(
        WORDS, json={"word": " 五色户。", "subject": "note", "value": ""}
    )
    assert (again.json()["id"], again.json()["subject"]) == (word["id"], "note")
    assert (await administrator.delete(f"{WORDS}/{word['id']}")).status_code == 204
    assert (await administrator.delete(f"{WORDS}/{word['id']}")).status_code == 404
    actions = await owner.fetch(
        "SELECT action FROM audit_entry WHERE subject = $1 ORDER BY id", f"import_word:{word['id']}"
    )
    assert [row["action"] for row in actions] == [
        "import_word_added",
        "import_word_added",
        "import_word_removed",
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"word": "三无", "subject": "note", "value": ""}, 409, "shipped_word"),
        ({"word": "。、", "subject": "note", "value": ""}, 422, "not_a_word"),
        ({"word": "五色户", "subject": "welfare", "value": "rich"}, 422, "not_a_meaning"),
        ({"word": "五色户", "subject": "note", "value": "alone"}, 422, "not_a_meaning"),
    ],
)
async def test_refusals(administrator, body, status, code):
    answer = await administrator.post(WORDS, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_only_whoever_manages_the_whole_site_adds_words(signed_in, worker, owner):
    body = {"word": "五色户", "subject": "note", "value": ""}
    assert (await worker.post(WORDS, json=body)).status_code == 403
    of_a_street = await signed_in("administrator")
    assert (await of_a_street.post(WORDS, json=body)).status_code == 404
    shipped = await owner.fetchval("SELECT id FROM import_word WHERE word = '三无'")
    assert (await of_a_street.delete(f"{WORDS}/{shipped}")).status_code == 404


async def test_what_came_with_the_program_stays(administrator, owner):
    shipped = await owner.fetchval("SELECT id FROM import_word WHERE word = '三无'")
    answer = await administrator.delete(f"{WORDS}/{shipped}")
    assert answer.json()["error"]["code"] == "shipped_word"
