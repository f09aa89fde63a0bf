"""What stands in the columns of telephones of real registers."""

import pytest

from callcenter.core.errors import Invalid
from callcenter.directory.phones_in_cells import area_code_of, lost_its_zero, read_phones, restored


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.3901000137E+10", "13901000137"),
        ("1.3901000137e10", "13901000137"),
        ("1.390100013E+10", "13901000130"),
        ("1.3901E+10", "1.3901E+10"),
        ("1.39E+10", "1.39E+10"),
        ("1.39010001371E+10", "1.39010001371E+10"),
        ("13901000137.0", "13901000137"),
        ("13901000137.00", "13901000137"),
        ("13901000137.5", "13901000137.5"),
        ("13901000137", "13901000137"),
    ],
)
def test_an_amount_is_a_number_again_where_no_digit_was_lost(written, number):
    assert restored(written) == number


@pytest.mark.parametrize(
    ("written", "area", "numbers", "local"),
    [
        ("8012349", "0999", ["+869998012349"], []),
        ("801-2349", "0999", ["+869998012349"], []),
        ("8012349转8", "0999", ["+869998012349"], []),
        ("8012349", "", [], ["8012349"]),
        ("8012349、13901000137", "", ["+8613901000137"], ["8012349"]),
        ("13901000137 或 8012349", "0999", ["+8613901000137", "+869998012349"], []),
        ("0571-88886666", "0999", ["+8657188886666"], []),
        ("88886666/88886667", "0571", ["+8657188886666", "+8657188886667"], []),
        ("1.3901000137E+10", "", ["+8613901000137"], []),
    ],
)
def test_a_cell_of_numbers(written, area, numbers, local):
    read = read_phones(written, area)
    assert [number.e164 for number in read.numbers] == numbers
    assert read.local == local


@pytest.mark.parametrize("written", ["12345", "1.39E+10", "妈妈", "1380000000", "8012349/12345"])
def test_no_number(written):
    with pytest.raises(Invalid):
        read_phones(written, "0999")


@pytest.mark.parametrize(
    ("hotline", "area"),
    [
        ("0999-8012349", "0999"),
        ("(010)12345678", "010"),
        ("0571 88886666", "0571"),
        ("12349", ""),
        ("13901000137", ""),
        ("400-800-1234", ""),
        (None, ""),
    ],
)
def test_the_area_code_of_a_hotline(hotline, area):
    assert area_code_of(hotline) == area


def test_a_zero_that_a_spreadsheet_took():
    assert lost_its_zero("9998012349")
    assert not lost_its_zero("13901000137")
    assert not lost_its_zero("8012349")
