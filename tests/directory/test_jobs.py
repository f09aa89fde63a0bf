"""Imports are known by the ids that their clients made, and run one at a time."""

import pytest

from callcenter.core.errors import Conflict, NotFound
from callcenter.core.ids import new_id
from callcenter.directory.jobs import ImportJobs


def refusal(jobs, job_id):
    with pytest.raises(Conflict) as refused:
        jobs.begin(job_id, 1)
    return refused.value.code


def test_one_import_runs_at_a_time():
    jobs, first = ImportJobs(), new_id()
    job = jobs.begin(first, 1)
    assert refusal(jobs, new_id()) == "import_running"
    job.failed = True
    jobs.begin(new_id(), 2)
    assert refusal(jobs, first) == "import_repeated"


def test_a_job_is_shown_to_whoever_began_it_alone():
    jobs, job_id = ImportJobs(), new_id()
    job = jobs.begin(job_id, 1)
    assert jobs.find(job_id, 1) is job
    with pytest.raises(NotFound):
        jobs.find(job_id, 2)


def test_the_oldest_jobs_are_forgotten():
    jobs, ids = ImportJobs(), [new_id() for _ in range(21)]
    for job_id in ids:
        jobs.begin(job_id, 1).failed = True
    assert jobs.find(ids[1], 1)
    with pytest.raises(NotFound):
        jobs.find(ids[0], 1)
