"""Imports are known by the ids that their clients made, run one at a time, and outlive the process that ran them."""

import pytest

from callcenter.core.errors import Conflict, NotFound
from callcenter.core.ids import new_id
from callcenter.core.sealed import Seal
from callcenter.directory.jobs import ImportJobs
from callcenter.directory.report import Mode, Report, ReportedRow
from callcenter.residents.problems import problem

BAD = ReportedRow(2, "沈玉兰", ["沈玉兰", "3.7E+17"], [problem("身份证号", "mangled", "3.7E+17")])
REPORT = Report(
    dry_run=True, mode=Mode.GOOD_ROWS, in_file=2, total=2, written=0, bad=[BAD], remarks=[],
    headings=["姓名", "身份证号"], ignored=[], sheets=[],
)  # fmt: skip


@pytest.fixture
def open_office(tmp_path):
    """The jobs of an office that is started, perhaps again."""
    seal = Seal.load(tmp_path)
    return lambda: ImportJobs(tmp_path / "imports", seal)


async def run(jobs, job_id, user_id=1):
    with jobs.begun(job_id, user_id) as job:
        await jobs.end(job_id, job, REPORT)


def refusal(jobs, job_id):
    with pytest.raises(Conflict) as refused, jobs.begun(job_id, 1):
        pass
    return refused.value.code


async def test_one_import_runs_at_a_time(open_office):
    jobs, first = open_office(), new_id()
    with jobs.begun(first, 1):
        assert refusal(jobs, new_id()) == "import_running"
    assert refusal(jobs, first) == "import_repeated"
    await run(jobs, new_id())


async def test_a_job_is_shown_to_whoever_began_it_alone(open_office):
    jobs, job_id = open_office(), new_id()
    with jobs.begun(job_id, 1) as job:
        assert await jobs.find(job_id, 1) is job
        with pytest.raises(NotFound):
            await jobs.find(job_id, 2)


async def test_a_report_outlives_the_office(open_office):
    job_id = new_id()
    await run(open_office(), job_id)
    found = await open_office().find(job_id, 1)
    assert found.report == REPORT
    assert refusal(open_office(), job_id) == "import_repeated"


async def test_an_import_that_was_killed_with_its_office_has_failed(open_office):
    job_id, killed = new_id(), open_office()
    with killed.begun(job_id, 1):
        found = await open_office().find(job_id, 1)
    assert (found.failed, found.report) == (True, None)


async def test_reports_cannot_be_read_without_the_key(open_office, tmp_path):
    await run(open_office(), new_id())
    [file] = (tmp_path / "imports").iterdir()
    assert "沈玉兰".encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


async def test_the_oldest_jobs_are_forgotten(open_office):
    jobs, ids = open_office(), [new_id() for _ in range(21)]
    for job_id in ids:
        await run(jobs, job_id)
    assert await jobs.find(ids[1], 1)
    with pytest.raises(NotFound):
        await jobs.find(ids[0], 1)
