"""The charter engine: documents made of clauses, the operations that change them, their versions.

Pure: no web, no database. Inputs and results are plain, immutable values; what is wrong is a CharterError
whose ``problem`` is a template with values.
"""

from charters import operations
from charters.amendment import Amendment, amendment_from_json, amendment_to_json, content_digest
from charters.canonical import canonical, digest
from charters.comparing.changes import Change, Comparison, Fold, changes, compare, statuses
from charters.comparing.comparison import diff
from charters.comparing.readable import paragraphs, segments, sides, typographic
from charters.draft import apply
from charters.files.markdown import read_markdown
from charters.files.markdown_writing import write_markdown
from charters.files.schemas import SCHEMAS, schema
from charters.formats.akn_reading import read_akn
from charters.formats.publication import Minority, minority_from_json, minority_to_json
from charters.formats.registry import FORMATS, export
from charters.labels import heading_line, label, numbers
from charters.merging.conflicts import (
    Conflict,
    Resolution,
    conflict_to_json,
    resolution_from_json,
    resolution_to_json,
)
from charters.merging.folding import Amended, Folded, amended, folded
from charters.merging.merge import Merge, merge
from charters.merging.rebasing import Rebased, rebase, rebase_all
from charters.merging.uncontested import Uncontested, rivals, uncontested
from charters.model import COMMITS, KINDS, MAX_TEXT, Charter, Clause, Inclusion, in_language
from charters.operations import operation_from_json, operation_to_json, operations_from_json
from charters.plain import charter_from_json, charter_to_json
from charters.problems import CharterError, Problem
from charters.reuse import check_reuse, past_clauses, reinstated
from charters.tracing.coverage import unanswered, unsourced
from charters.tracing.history import Origin, Passage, Provenance, provenance
from charters.tracing.life import Lives, Moment, life
from charters.version import (
    Adopted,
    Version,
    check_chain,
    next_version,
    version_digest,
    version_from_json,
    version_to_json,
)
from charters.written import check_charter_written, check_written

__all__ = [
    "COMMITS",
    "FORMATS",
    "KINDS",
    "MAX_TEXT",
    "SCHEMAS",
    "Adopted",
    "Amended",
    "Amendment",
    "Change",
    "Charter",
    "CharterError",
    "Clause",
    "Comparison",
    "Conflict",
    "Fold",
    "Folded",
    "Inclusion",
    "Lives",
    "Merge",
    "Minority",
    "Moment",
    "Origin",
    "Passage",
    "Problem",
    "Provenance",
    "Rebased",
    "Resolution",
    "Uncontested",
    "Version",
    "amended",
    "amendment_from_json",
    "amendment_to_json",
    "apply",
    "canonical",
    "changes",
    "charter_from_json",
    "charter_to_json",
    "check_chain",
    "check_charter_written",
    "check_reuse",
    "check_written",
    "compare",
    "conflict_to_json",
    "content_digest",
    "diff",
    "digest",
    "export",
    "folded",
    "heading_line",
    "in_language",
    "label",
    "life",
    "merge",
    "minority_from_json",
    "minority_to_json",
    "next_version",
    "numbers",
    "operation_from_json",
    "operation_to_json",
    "operations",
    "operations_from_json",
    "paragraphs",
    "past_clauses",
    "provenance",
    "read_akn",
    "read_markdown",
    "rebase",
    "rebase_all",
    "reinstated",
    "resolution_from_json",
    "resolution_to_json",
    "rivals",
    "schema",
    "segments",
    "sides",
    "statuses",
    "typographic",
    "unanswered",
    "uncontested",
    "unsourced",
    "version_digest",
    "version_from_json",
    "version_to_json",
    "write_markdown",
]
