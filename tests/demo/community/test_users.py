"""The log-ins of the demo."""

from callcenter.demo.community.users import users


def test_there_is_a_log_in_for_every_role_that_is_shown():
    assert [(user.login, user.role, user.language) for user in users()] == [
        ("operator", "operator", "zh-CN"),
        ("operator2", "operator", "en"),
        ("supervisor", "supervisor", "zh-CN"),
        ("dispatcher", "dispatcher", "zh-CN"),
        ("admin", "administrator", "zh-CN"),
        ("official", "official", "zh-CN"),
        ("community", "community_worker", "zh-CN"),
        ("auditor", "auditor", "zh-CN"),
    ]
