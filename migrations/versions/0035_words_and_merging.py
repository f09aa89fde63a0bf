"""Words of an import as a table, and people and homes that were registered twice and have become one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)

_SHIPPED = {
    ("welfare", "extreme_poverty"): "特困 特困人员 特困老人 特困户 特困供养 特困供养人员 五保 五保户 五保老人 五保对象 三无 三无人员 三无老人 三无对象 城市三无 分散供养 集中供养",
    ("welfare", "minimum_allowance"): "低保 低保户 低保对象 低保老人 低保人员 低保家庭 城市低保 城镇低保 农村低保 最低生活保障 享受低保",
    ("welfare", "no_family"): "社会孤老 孤老 孤寡 孤寡老人 孤寡户",
    ("welfare", "lost_only_child"): "失独 失独家庭 失独老人 失独户 失独父母 计生特殊家庭 计划生育特殊家庭 计生特扶 特扶家庭 特扶对象",
    ("welfare", "preferential"): "优抚 优抚对象 优抚老人 重点优抚 军烈属 烈属 烈军属 烈士遗属 因公牺牲军人遗属 病故军人遗属 伤残军人 残疾军人 复员军人 参战退役人员 抗美援朝老兵",
    ("living", "alone"): "独居 独居老人 独居户 独居高龄 独自居住 单独居住 单居 单身独居 孤身 空巢独居",
    ("living", "couple"): "空巢 空巢老人 空巢户 空巢家庭 双空巢 纯老户 纯老家庭 纯老年家庭 双老 双老户 双老家庭 老养老 夫妻同住",
    ("living", "alone_by_day"): "日间独居 白天独居 白天一人",
    ("living", "with_children"): "与子女同住 随子女 随子女居住 跟子女 三代同堂 四世同堂 子女赡养",
    ("living", "with_carer"): "保姆同住 与保姆同住 住家保姆 护理员同住 雇保姆",
    ("ability", "intact"): "能力完好 完好 自理 能自理 完全自理 生活自理 基本自理 自理老人",
    ("ability", "mild"): "轻度失能 轻度失能老人",
    ("ability", "moderate"): "中度失能 中度失能老人 半失能 半失能老人 半自理 部分失能 介助",
    ("ability", "severe"): "重度失能 重度失能老人",
    ("ability", "total"): "完全失能 全失能 全失能老人 不能自理 完全不能自理 介护 植物人",
    ("status", "away"): "住养老院 入住养老院 入住机构 机构养老 机构老人 住敬老院 住福利院",
    ("note", ""): "残疾 残疾人 持证残疾人 残疾老人 重残 一老一残 高龄 高龄老人 百岁老人 寿星 失智 失智老人 认知症 认知障碍 失能 失能老人 卧床 留守 留守老人 低保边缘 低收入 低收入家庭"
    " 支出型困难 困难 困难老人 困难家庭 困难职工 计生家庭 独生子女家庭 独生子女户 农村二女户 高龄津贴 护理补贴 残疾补贴 党员 老党员 离休 离休干部 退休 劳模 归侨 侨属 丧偶 未婚 离异 外来 流动老人"
    " 重点关注 重点人群 慢病 慢性病 大病 重病 建档立卡 脱贫户 居家养老 政府购买服务 一户多残 精神障碍 社区矫正 信访",
}  # fmt: skip
"""What communities call their people. Terms of the rules on 特困 (2016), 低保, 优抚 and of the assessment GB/T 42195."""


def upgrade() -> None:
    _import_word()
    _merging()
    for table in ("resident", "home"):
        op.add_column(table, sa.Column("merged_into", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_merged_into_{table}"), table, table, ["merged_into"], ["id"]
        )
        op.create_index(
            f"ix_{table}_merged_into",
            table,
            ["merged_into"],
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )
    op.alter_column("resident", "home_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_resident_lives_or_is_merged"),
        "resident",
        "num_nonnulls(home_id, merged_into) = 1",
    )


def _import_word() -> None:
    word = op.create_table(
        "import_word",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("shipped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_at", _TIME, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "subject IN ('living', 'welfare', 'ability', 'status', 'risk', 'note')",
            name=op.f("ck_import_word_subject_known"),
        ),
        sa.CheckConstraint(
            "(subject = 'note') = (value = '')", name=op.f("ck_import_word_means_something")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["app_user.id"], name=op.f("fk_import_word_added_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_word")),
        sa.UniqueConstraint("form", name=op.f("uq_import_word_form")),
    )
    rows = [
        {"word": each, "form": each, "subject": subject, "value": value, "shipped": True}
        for (subject, value), words in _SHIPPED.items()
        for each in words.split()
    ]
    op.bulk_insert(word, rows)


def _merging() -> None:
    json = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "merging",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("taken", json, nullable=False),
        sa.Column("moved", json, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("gone", json, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("before", json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("after", json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("undone_at", _TIME, nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "subject IN ('resident', 'home')", name=op.f("ck_merging_subject_known")
        ),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_merging_two_of_them")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_merging_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merging")),
    )
    op.create_index(
        "uq_merging_merged",
        "merging",
        ["subject", "merged_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(op.f("ix_merging_region_id"), "merging", ["region_id"], unique=False)
