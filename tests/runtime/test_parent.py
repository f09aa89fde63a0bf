"""The parent with invented children: kept alive, given up, stopped in order; a start that is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRELUDE = """
import os, signal, sys, time
from functools import partial
from callcenter.core.errors import Misconfigured
from callcenter.core.logging import configure_logging
from callcenter.runtime.child import Manner
from callcenter.runtime.parent import Child, Parent

configure_logging(stream=sys.stderr)

def say(*words):
    print(*words, flush=True)

def serve(name, pulse):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    pulse.ready()
    say(name, "serves", os.getpid())
    while not stopped:
        pulse.beat()
        time.sleep(0.02)
    say(name, "stops")
    return 0
"""


@contextmanager
def program(source: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(source)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


TWO = """
sys.exit(Parent([Child("alarm", partial(serve, "alarm")), Child("office", partial(serve, "office"))], None).run())
"""


def test_a_killed_child_comes_back_and_both_stop_in_order(tmp_path: Path):
    with program(TWO, tmp_path) as parent:
        first = {words[0]: int(words[2]) for words in (line(parent), line(parent))}
        for _ in range(3):
            os.kill(first["alarm"], signal.SIGKILL)
            name, _, number = line(parent)
            assert name == "alarm"
            assert int(number) != first["alarm"]
            first["alarm"] = int(number)
        parent.send_signal(signal.SIGTERM)
        assert [line(parent), line(parent)] == [["alarm", "stops"], ["office", "stops"]]
        assert parent.wait(60) == 0


def test_what_comes_second_is_loaded_once_and_only_when_the_first_serves(tmp_path: Path):
    source = """
    def wait(pulse):
        say("alarm", "begins", os.getpid())
        sys.stdin.readline()
        return serve("alarm", pulse)

    alarm = Child("alarm", wait)
    office = Child("office", partial(serve, "office"), load=lambda: say("office", "is loaded"))
    sys.exit(Parent([alarm, office], None).run())
    """
    with program(source, tmp_path) as parent:
        assert line(parent)[:2] == ["alarm", "begins"]
        assert parent.stdin is not None
        parent.stdin.write("\n")
        parent.stdin.flush()
        assert line(parent)[:2] == ["alarm", "serves"]
        assert line(parent) == ["office", "is", "loaded"]
        for _ in range(2):
            name, _, number = line(parent)
            assert name == "office"
            os.kill(int(number), signal.SIGKILL)
        assert line(parent)[:2] == ["office", "serves"]


def test_ctrl_c_ends_it_also_where_a_shell_left_it_ignored(tmp_path: Path):
    with program("signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + TWO, tmp_path) as parent:
        line(parent), line(parent)
        parent.send_signal(signal.SIGINT)
        assert parent.wait(60) == 0


def test_the_first_start_is_refused_with_the_childs_reason_and_code(tmp_path: Path):
    source = """
    def refuse(pulse):
        raise Misconfigured("port: it is taken")

    sys.exit(Parent([Child("alarm", refuse), Child("office", partial(serve, "office"))], None).run())
    """
    with program(source, tmp_path) as parent:
        assert parent.wait(60) == 78
        assert parent.stderr is not None
        assert "callcenter: port: it is taken" in parent.stderr.read()


def test_a_first_start_that_fails_takes_nobody_down_who_serves(tmp_path: Path):
    """PostgreSQL may be killed in the very second in which the office starts."""
    source = """
    from pathlib import Path

    def serve_and_tell(pulse):
        ready, pulse.ready = pulse.ready, lambda: (ready(), Path("serves").touch())
        return serve("alarm", pulse)

    def crash_once(pulse):
        while not Path("serves").exists():
            time.sleep(0.01)
        if not Path("crashed").exists():
            Path("crashed").touch()
            raise RuntimeError("the database is away")
        return serve("office", pulse)

    sys.exit(Parent([Child("alarm", serve_and_tell), Child("office", crash_once)], None).run())
    """
    with program(source, tmp_path) as parent:
        assert line(parent)[:2] == ["alarm", "serves"]
        assert line(parent)[:2] == ["office", "serves"]
        assert (tmp_path / "crashed").exists()
        parent.send_signal(signal.SIGTERM)
        assert [line(parent), line(parent)] == [["alarm", "stops"], ["office", "stops"]]
        assert parent.wait(60) == 0


def test_a_refused_start_of_the_office_is_told_although_the_alarms_serve(tmp_path: Path):
    source = """
    from pathlib import Path

    def serve_and_tell(pulse):
        ready, pulse.ready = pulse.ready, lambda: (ready(), Path("serves").touch())
        return serve("alarm", pulse)

    def refuse(pulse):
        while not Path("serves").exists():
            time.sleep(0.01)
        raise Misconfigured("sms: no such gateway")

    sys.exit(Parent([Child("alarm", serve_and_tell), Child("office", refuse)], None).run())
    """
    with program(source, tmp_path) as parent:
        assert parent.wait(60) == 78


def test_a_child_that_eats_memory_is_killed_and_started_again(tmp_path: Path):
    """Beyond the limit on data there is resident memory that no limit of the kernel counts: the parent looks itself."""
    source = """
    def eat(pulse):
        import mmap
        pulse.ready()
        say("office eats")
        held = mmap.mmap(-1, 300 * 1024 * 1024)   # shared: not part of RLIMIT_DATA
        for page in range(0, len(held), 4096):
            held[page] = 1
        while True:
            pulse.beat()
            time.sleep(0.02)

    memory = 200 * 1024 * 1024
    sys.exit(Parent([Child("office", eat, Manner(memory=memory))], None).run())
    """
    with program(source, tmp_path) as parent:
        assert line(parent) == ["office", "eats"]
        assert line(parent) == ["office", "eats"], "a second life"
