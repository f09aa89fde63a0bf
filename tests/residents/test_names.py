"""Names as operators search for them and as English texts write them."""

import subprocess
import sys

import pytest

from callcenter.residents.names import latin_name, split_surname


@pytest.mark.parametrize(
    ("name", "latin", "pinyin", "initials"),
    [
        ("沈玉兰", "Shen Yulan", "shenyulan", "syl"),
        ("单桂芝", "Shan Guizhi", "shanguizhi", "sgz"),
        ("仇永昌", "Qiu Yongchang", "qiuyongchang", "qyc"),
        ("曾广福", "Zeng Guangfu", "zengguangfu", "zgf"),
        ("解玉珍", "Xie Yuzhen", "xieyuzhen", "xyz"),
        ("查良", "Zha Liang", "zhaliang", "zl"),
        ("区伟", "Ou Wei", "ouwei", "ow"),
        ("盖华", "Ge Hua", "gehua", "gh"),
        ("吕绿", "Lyu Lyu", "lvlv", "ll"),
        ("欧阳素琴", "Ouyang Suqin", "ouyangsuqin", "oysq"),
        ("司马文达", "Sima Wenda", "simawenda", "smwd"),
        ("尉迟恭", "Yuchi Gong", "yuchigong", "ycg"),
        ("万俟雅言", "Moqi Yayan", "moqiyayan", "mqyy"),
        ("欧阳", "Ou Yang", "ouyang", "oy"),
        ("阿依古丽·买买提", "Ayiguli Maimaiti", "ayigulimaimaiti", "ayglmmt"),
        ("John Smith", "John Smith", "johnsmith", "js"),
        ("Sean O'Neil", "Sean O'Neil", "seanoneil", "so"),
        ("José Álvarez", "José Álvarez", "josealvarez", "ja"),
        ("贠秀英", "Yun Xiuying", "yunxiuying", "yxy"),
        ("乐桂兰", "Yue Guilan", "yueguilan", "ygl"),
        (" 王 ", "Wang", "wang", "w"),
        ("贺长林", "He Changlin", "hechanglin", "hcl"),
    ],
)
def test_a_name_is_read_as_its_bearer_reads_it(name, latin, pinyin, initials):
    read = latin_name(name)
    assert (read.latin, read.pinyin, read.initials) == (latin, pinyin, initials)


def test_two_characters_are_never_all_surname():
    assert split_surname("欧阳") == ("欧", "阳")
    assert split_surname("欧阳锋") == ("欧阳", "锋")


def test_the_dictionaries_are_read_when_asked_for_and_not_by_the_import():
    told = (
        "import sys; from callcenter.residents import names; assert 'pypinyin' not in sys.modules;"
        " names.read_dictionaries(); assert 'pypinyin.phrases_dict' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
