"""The draw: from quotas and a pool of volunteers to a panel drawn by a public lottery that anyone can check.

Pure: no web and no database. `check` says whether the quotas can be met and, where not, what to change;
`prepare` seals a lottery; `reveal` draws its panel from public randomness; `alternates` finds replacements;
`verify_lottery` recounts everything with the standard library alone.
"""

from sortition.checking.check import Check, check
from sortition.files.pool import read_categories, read_respondents, write_respondents
from sortition.lottery import Chance, Lottery, Progress, prepare
from sortition.model import Quota, Respondent
from sortition.problems import Problem, SortitionError
from sortition.proofs.documents import Finding
from sortition.proofs.verify import verify_lottery
from sortition.report import report
from sortition.reveal import Reveal, reveal
from sortition.tables import ContradictionError, Limit, Tables, tables
from sortition.vacancies.alternates import Alternates, alternates, next_alternate

__all__ = [
    "Alternates",
    "Chance",
    "Check",
    "ContradictionError",
    "Finding",
    "Limit",
    "Lottery",
    "Problem",
    "Progress",
    "Quota",
    "Respondent",
    "Reveal",
    "SortitionError",
    "Tables",
    "alternates",
    "check",
    "next_alternate",
    "prepare",
    "read_categories",
    "read_respondents",
    "report",
    "reveal",
    "tables",
    "verify_lottery",
    "write_respondents",
]
