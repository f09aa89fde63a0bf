"""Row by row: what is right is read, what is wrong is named with its column, its value and what to do."""

from datetime import date

import pytest

from callcenter.directory.reading import read_table
from callcenter.directory.rows import Local, read_rows
from callcenter.directory.vocabulary import Meaning, Subject, Vocabulary

TODAY = date(2026, 8, 1)


def read(_words=None, _area="", **cells: str):
    """One row with these headings and cells; name and address unless given."""
    cells = {"姓名": "沈玉兰", "住址": "榆荫里7号楼2单元501室"} | cells
    content = "\t".join(cells) + "\n" + "\t".join(cells.values()) + "\n"
    local = Local(Vocabulary(_words or {}), _area)
    return read_rows(read_table(content.encode()), TODAY, local=local)[0]


def reasons(**cells: str):
    return [(each.column, each.code) for each in read(**cells).problems]


def test_a_full_row_is_read():
    row = read(
        身份证号="11010519491231002X", 电话="139 0100 0137", 居住情况="独居", 能力等级="轻度", 风险="高",
        福利类别="低保、特困", 警示="抗凝药；跌倒", 联系人1="周晓梅", 联系人1关系="女儿", 联系人1电话="13909100228",
        设备号="A101, B2001", 楼号="7号楼", 单元="2单元", 门牌="501室",
    )  # fmt: skip
    assert row.problems == []
    assert (row.latin.initials, row.sex, row.birth_date) == ("syl", "female", date(1949, 12, 31))
    assert (row.phone, row.living, row.ability, row.risk) == (
        "+8613901000137",
        "alone",
        "mild",
        "high",
    )
    assert (row.welfare, row.hazards) == (
        ["minimum_allowance", "extreme_poverty"],
        ["抗凝药", "跌倒"],
    )
    assert (row.building, row.entrance, row.floor, row.door) == ("7", "2", 5, "501")
    assert [(c.name, c.name_latin, c.phone) for c in row.contacts] == [
        ("周晓梅", "Zhou Xiaomei", "+8613909100228")
    ]
    assert row.devices == ["A101", "B2001"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("身份证号", "3.7E+17", "mangled"),
        ("身份证号", "110105194912310000", "mangled"),
        ("身份证号", "110105194912310021", "check_digit"),
        ("电话", "1.39E+10", "mangled"),
        ("电话", "1.3901E+10", "mangled"),
        ("电话", "9998012349", "mangled"),
        ("电话", "12345", "not_a_phone_number"),
        ("出生日期", "1943-02-30", "not_a_date"),
        ("出生日期", "四三年", "not_a_date"),
        ("出生日期", "2043-06-12", "unlikely_date"),
        ("电话", "同上", "as_above"),
        ("网格", "〃", "as_above"),
        ("住址", "同上", "as_above"),
        ("住址", "无", "missing"),
        ("住址", "/", "missing"),
        ("住址", "不详", "missing"),
        ("住址", "#REF!", "missing"),
        ("住址", "无固定住址", "missing"),
        ("姓名", "无", "missing"),
        ("设备号", "8.6E+14", "mangled"),
        ("设备号", "A101，8.60000000000017E+14", "mangled"),
        ("设备号", "860000000000017.0", "mangled"),
        ("出生年月", "1943.1", "month_or_october"),
        ("出生日期", "1943-13", "not_a_date"),
        ("小区", "榆" * 201, "too_long"),
        ("楼层", "五层半", "not_a_number"),
        ("姓名", "沈" * 61, "too_long"),
        ("姓名", "", "missing"),
        ("住址", "", "missing"),
    ],
)
def test_a_wrong_cell_is_named_with_its_column(column, value, code):
    assert (column, code) in reasons(**{column: value})


def test_a_refusal_holds_the_value_and_says_what_to_do_in_both_languages():
    [problem] = read(身份证号="3.7E+17").problems
    assert problem.value == "3.7E+17"
    assert "文本" in problem.message_zh
    assert "text" in problem.message


def test_every_problem_of_a_row_is_told_at_once():
    assert reasons(身份证号="3.7E+17", 电话="1.39E+10", 楼层="五层半") == [
        ("身份证号", "mangled"),
        ("电话", "mangled"),
        ("楼层", "not_a_number"),
    ]


def test_sex_and_birth_date_must_agree_with_the_identity_number():
    assert reasons(身份证号="11010519491231002X", 性别="男", 出生日期="1949-12-30") == [
        ("出生日期", "differs_from_identity"),
        ("性别", "differs_from_identity"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1943-06-12",
            "1943/6/12",
            "1943.6.12",
            "1943年6月12日",
            "19430612",
            "1943 6 12",
            "15869",
        ),
        *(
            "1943/6/12 0:00",
            "1943-06-12 00:00:00",
            "1943-06-12T00:00:00",
            "1943/6/12 0:00:00",
            "１９４３．６．１２",
        ),
    ],
)
def test_dates_are_read_as_people_write_them(written):
    assert read(出生日期=written).birth_date == date(1943, 6, 12)


@pytest.mark.parametrize(
    ("written", "born", "remark"),
    [
        ("1943.06", date(1943, 6, 1), "month_only"),
        ("1943年6月", date(1943, 6, 1), "month_only"),
        ("1943/06", date(1943, 6, 1), "month_only"),
        ("194306", date(1943, 6, 1), "month_only"),
        ("1943年", date(1943, 1, 1), "year_only"),
    ],
)
def test_a_month_is_a_month_and_that_is_said(written, born, remark):
    row = read(出生年月=written)
    assert (row.problems, row.birth_date) == ([], born)
    assert [(each.column, each.code) for each in row.remarks] == [("出生年月", remark)]


def test_a_month_that_agrees_with_the_identity_number_is_the_day_of_that():
    row = read(出生年月="1949.12", 身份证号="11010519491231002X")
    assert (row.problems, row.remarks, row.birth_date) == ([], [], date(1949, 12, 31))
    assert reasons(出生年月="1949.11", 身份证号="11010519491231002X") == [
        ("出生年月", "differs_from_identity")
    ]


def remarks(row):
    return [each.code for each in row.remarks]


def test_two_numbers_in_a_cell_are_two():
    row = read(
        电话="13901000137/13901000138", 联系人1="周晓梅", 联系人1电话="13909100228、13909100229"
    )
    assert (row.problems, row.phone, row.second_phone) == ([], "+8613901000137", "+8613901000138")
    assert [contact.phone for contact in row.contacts] == ["+8613909100228", "+8613909100229"]
    assert remarks(row) == ["second_number", "second_number"]


def test_a_third_number_is_kept_in_a_note():
    row = read(电话="13901000137/13901000138", 备用电话="0571/88886666")
    assert row.notes["talk_note"] == "电话057188886666"


def test_an_extension_is_kept_in_a_note_and_with_the_contact():
    row = read(电话="0571-88886666转801", 联系人1="周晓梅", 联系人1电话="0571-88886666转802")
    assert (row.problems, row.phone) == ([], "+8657188886666")
    assert row.notes["talk_note"] == "057188886666转801"
    assert row.contacts[0].reachable == "分机802"


@pytest.mark.parametrize("written", ["14905001234", "1440012345678", "1064812345678"])
def test_numbers_of_new_ranges_are_taken_with_a_remark(written):
    row = read(电话=written)
    assert (row.problems, row.phone) == ([], f"+86{written}")
    assert remarks(row) == ["not_in_the_plan"]


def test_words_beside_a_number_are_said_to_be_left_out():
    row = read(电话="13901000137（女儿）")
    assert (row.phone, remarks(row)) == ("+8613901000137", ["words_left_out"])


@pytest.mark.parametrize("nothing", ["无", "/", "不详", "—", "N/A", "无电话", "暂无"])
def test_a_cell_that_says_nothing_is_empty(nothing):
    row = read(
        住址="榆荫里",
        电话=nothing,
        身份证号=nothing,
        设备号=nothing,
        联系人1=nothing,
        联系人1电话=nothing,
        楼号=nothing,
        性别=nothing,
    )
    assert (row.problems, row.phone, row.devices, row.contacts, row.building) == (
        [],
        None,
        [],
        [],
        "",
    )


def test_no_allergies_is_something_that_is_said():
    assert read(过敏="无").notes["allergies"] == "无"


def test_houses_are_numbered_in_every_script():
    row = read(住址="", 小区="榆荫里", 楼号="七号楼", 单元="二单元", 楼层="五楼", 门牌="０５０１")
    assert (row.building, row.entrance, row.floor, row.door) == ("7", "2", 5, "0501")
    assert read(楼号="十二栋", 门牌="三〇二室").building == "12"
    assert read(门牌="三〇二室").door == "302"


def test_a_position_of_0_0_is_no_position():
    row = read(纬度="0", 经度="0.0")
    assert (row.problems, row.lat, row.lng) == ([], None, None)
    assert remarks(row) == ["no_position"]


def test_hidden_characters_are_in_no_name():
    row = read(姓名="沈\u202e玉\u200b兰", 联系人1="周\u2066晓梅", 联系人1电话="13909100228")
    assert (row.name, row.contacts[0].name) == ("沈玉兰", "周晓梅")


def test_a_row_with_more_cells_than_headings_may_be_shifted():
    table = read_table("姓名,住址,电话\n沈玉兰,榆荫里,7号楼,13901000137\n".encode())
    [row] = read_rows(table, TODAY)
    assert "too_many_cells" in [each.code for each in row.problems]


def test_a_forgotten_grid_is_said_where_others_name_theirs():
    table = read_table("姓名,住址,网格\n沈玉兰,甲,第一网格\n贺长林,乙,\n".encode())
    assert [remarks(row) for row in read_rows(table, TODAY)] == [[], ["region_assumed"]]
    table = read_table("姓名,住址,网格\n沈玉兰,甲,\n贺长林,乙,\n".encode())
    assert [remarks(row) for row in read_rows(table, TODAY)] == [[], []]


def test_an_address_is_made_of_its_parts_where_none_is_written():
    row = read(住址="", 小区="榆荫里", 楼号="7", 单元="2", 门牌="501")
    assert row.address == "榆荫里7号楼2单元501室"


def test_a_contact_without_a_name_or_without_a_phone_is_refused():
    assert reasons(联系人1="", 联系人1电话="13909100228") == [("联系人1", "needs_a_name")]
    assert reasons(联系人1="周晓梅", 联系人1电话="") == [("联系人1电话", "needs_a_phone")]


def read_all(*lines: str):
    return read_rows(read_table("\n".join(lines).encode()), TODAY)


@pytest.mark.parametrize("written", ["7号楼2单元501", "七号楼二单元501室", "7-2-501", "7#2-501"])
def test_building_entrance_and_door_are_known_within_an_address(written):
    row = read(住址=f"榆荫里{written}")
    assert (row.estate, row.building, row.entrance, row.floor, row.door) == (
        "榆荫里",
        "7",
        "2",
        5,
        "501",
    )
    assert row.address == f"榆荫里{written}"


def test_a_door_may_say_its_entrance():
    row = read(住址="", 小区="榆荫里", 楼号="7", 门牌="2-501")
    assert row.address == "榆荫里7号楼2单元501室"


def test_a_flat_without_its_building_is_no_address():
    assert ("楼号", "needs_a_building") in reasons(住址="", 单元="2", 门牌="501")


def test_a_title_between_the_rows_names_the_building_of_those_below():
    rows = read_all("姓名,单元,门牌", "一、7号楼（1人）", "沈玉兰,2,501", "8号楼", "贺长林,2,501")
    assert [row.address for row in rows] == ["7号楼2单元501室", "8号楼2单元501室"]
    assert [remarks(row) for row in rows] == [["building_assumed"]] * 2


def test_a_further_contact_in_the_row_below_belongs_to_the_person_above():
    rows = read_all(
        "姓名,住址,联系人,关系,电话",
        "沈玉兰,甲,周晓梅,女儿,13909100228",
        ",,周晓峰,儿子,13909100229",
    )
    assert [[contact.name for contact in row.contacts] for row in rows] == [["周晓梅", "周晓峰"]]
    assert remarks(rows[0]) == ["contact_of_next_row"]


def test_a_name_spread_out_is_the_name_and_a_word_beside_it_is_kept():
    assert read(姓名="沈　兰").name == "沈兰"
    assert read(姓名="沈玉兰（已故）").status == "deceased"
    row = read(姓名="沈玉兰（小名阿兰）")
    assert (row.name, row.notes["talk_note"], remarks(row)) == (
        "沈玉兰",
        "姓名：小名阿兰",
        ["kept_in_note"],
    )


def test_columns_of_yes_and_no():
    row = read(是否独居="是", 低保="√", 是否残疾="是")
    assert (row.living, row.welfare, row.notes["talk_note"]) == (
        "alone",
        ["minimum_allowance"],
        "是否残疾：残疾",
    )


@pytest.mark.parametrize(
    ("written", "devices"),
    [("A101 A102", ["A101", "A102"]), ("A101/A102", ["A101", "A102"]), ("A101（床头）", ["A101"]), ("8600 0000 0000 017", ["860000000000017"])],
)  # fmt: skip
def test_devices_are_told_apart(written, devices):
    row = read(设备号=written)
    assert (row.devices, row.problems) == (devices, [])


def test_a_word_is_no_device():
    assert reasons(设备号="已安装") == [("设备号", "not_a_device")]


def test_how_texts_name_somebody_and_whom_they_go_to():
    row = read(短信称呼="沈奶奶", 联系人通知方式="同时通知")
    assert (row.salutation, row.contact_policy, row.problems) == ("沈奶奶", "all_at_once", [])
    assert (read().salutation, read().contact_policy) == ("", None)
    assert reasons(短信称呼="沈" * 21) == [("短信称呼", "too_long")]


# ---- words, and what is read otherwise than it is written


def told(row):
    return [(each.column, each.code) for each in row.remarks]


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("性别", "未婚"),
        ("状态", "在乡下"),
        ("居住情况", "一个人"),
        ("福利类别", "低保、贵宾"),
        ("能力等级", "还行"),
        ("风险等级", "紫"),
        ("子女通知方式", "随便"),
        ("设备类型", "神器"),
        ("仅收加密轮询", "也许"),
    ],
)
def test_a_word_that_nobody_knows_is_kept_and_refuses_nobody(column, word):
    row = read(**{column: word})
    assert row.problems == []
    assert told(row) == [(column, "unknown_word")]
    assert row.notes["talk_note"] == f"{column}：{word.rpartition('、')[2]}"


def test_the_office_s_own_words_go_before_all_others():
    words = {
        "一老一小": Meaning(Subject.NOTE, ""),
        "五色户": Meaning(Subject.WELFARE, "preferential"),
        "低保": Meaning(Subject.NOTE, ""),
        "红牌": Meaning(Subject.RISK, "high"),
        "走失": Meaning(Subject.STATUS, "away"),
    }
    row = read(_words=words, 福利类别="五色户、低保、一老一小、走失", 风险等级="红 牌")
    assert (row.welfare, row.status, row.risk, row.problems) == (
        ["preferential"],
        "away",
        "high",
        [],
    )
    assert row.notes["talk_note"] == "福利类别：低保；福利类别：一老一小"


def test_a_word_for_one_thing_means_nothing_in_the_column_of_another():
    row = read(_words={"紫": Meaning(Subject.WELFARE, "preferential")}, 风险等级="紫")
    assert (row.welfare, row.risk, told(row)) == ([], "low", [("风险等级", "unknown_word")])


def test_as_above_is_what_the_row_above_says():
    content = (
        "姓名,住址,福利类别,联系人1,联系人1电话\n"
        "沈玉兰,榆荫里7号楼2单元501室,低保,周晓梅,13909100228\n"
        "贺长林,同上,同上户,〃,″\n"
        "费德海,同上,,,\n"
    )
    shen, he, fei = read_rows(read_table(content.encode()), TODAY)
    assert (he.address, fei.address) == (shen.address, shen.address)
    assert (he.welfare, fei.welfare) == (["minimum_allowance"], [])
    assert [contact.phone for contact in he.contacts] == ["+8613909100228"]
    assert he.problems == fei.problems == []
    assert told(fei) == [("住址", "taken_from_above")]
    assert he.cells[1] == "同上", "the file that comes back has what was written"


@pytest.mark.parametrize(
    ("heading", "said"), [("姓名", "同上"), ("身份证号", "同上"), ("设备号", "同上")]
)
def test_nobody_has_the_name_the_number_or_the_device_of_the_row_above(heading, said):
    cells = {"姓名": "沈玉兰", "住址": "7号楼2单元501室", "身份证号": "", "设备号": "A101"}
    below = cells | {"姓名": "贺长林", heading: said}
    rows = (cells, cells, below) if heading in cells else ()
    content = "\n".join("\t".join(each) for each in [list(cells), *(r.values() for r in rows)])
    last = read_rows(read_table(content.encode()), TODAY)[-1]
    assert (heading, "as_above") in [(each.column, each.code) for each in last.problems]


def test_an_old_identity_number_is_worked_out_and_marked():
    row = read(身份证号="110105 491231 002")
    assert (row.identity.number, row.birth_date, row.sex) == (
        "11010519491231002X",
        date(1949, 12, 31),
        "female",
    )
    assert (row.problems, told(row)) == ([], [("身份证号", "worked_out")])
    assert row.remarks[0].value == "11010519491231002X"
    assert "未核实" in row.notes["talk_note"]


def test_an_old_identity_number_that_cannot_be_is_refused():
    assert reasons(身份证号="110105491331002") == [("身份证号", "birth_date")]


def test_a_landline_gets_the_area_code_of_its_region():
    row = read(_area="0999", 电话="8012349", 联系人1="周晓梅", 联系人1电话="8012350转8")
    assert (row.phone, row.contacts[0].phone) == ("+869998012349", "+869998012350")
    assert ("电话", "area_code_added") in told(row)


def test_a_landline_of_an_unknown_area_is_kept_in_a_note():
    row = read(电话="8012349/13901000137", 联系人1="周晓梅", 联系人1电话="88012350")
    assert (row.phone, row.contacts, row.problems) == ("+8613901000137", [], [])
    assert told(row).count(("电话", "no_area_code")) == 1
    assert row.notes["talk_note"] == "电话：8012349；联系人1电话：周晓梅88012350"


def test_the_standing_of_somebody_is_read():
    row = read(
        户籍地代码="620902001", 原工作单位="榆州第二棉纺厂", 退休日期="1998年7月", 社保号="62000012345678", 入党日期="1965-07-01",
        农历生日="四月初八", 残疾类别="肢体残疾二级", 残疾人证号="62090219500101001544", 短信语言="英文", 英文警示="falls", 英文姓名="Shen Yu-lan",
    )  # fmt: skip
    assert row.problems == []
    assert (row.hukou_region_code, row.employer, row.insurance_number) == (
        "620902001",
        "榆州第二棉纺厂",
        "62000012345678",
    )
    assert (row.retired_on, row.party_joined_on) == (date(1998, 7, 1), date(1965, 7, 1))
    assert (row.lunar_birthday, row.disability, row.disability_level) == ("04-08", "physical", "2")
    assert (row.language, row.hazards_en, row.latin.latin) == ("en", ["falls"], "Shen Yu-lan")
    assert row.certificate == "62090219500101001544"


def test_a_standing_that_cannot_be_understood_refuses_nobody():
    row = read(
        户籍地代码="本市", 退休日期="早退了", 入党日期="2030-01-01", 农历生日="中秋", 残疾类别="有"
    )
    assert row.problems == []
    kept = row.notes["talk_note"]
    assert all(word in kept for word in ("本市", "早退了", "2030-01-01", "中秋", "残疾类别：有"))
    assert (row.retired_on, row.party_joined_on, row.disability) == (None, None, None)


def test_a_certificate_is_in_no_note_and_no_remark():
    row = read(残疾证号="残字123456", 社保号="6.2E+13")
    assert [(each.column, each.code, each.value) for each in row.problems] == [
        ("社保号", "mangled", "")
    ]
    assert "123456" not in row.notes["talk_note"]
    assert [(each.code, each.value) for each in row.remarks] == [("certificate_left_out", "")]
