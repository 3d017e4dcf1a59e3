"""The bundle's `verify.py`: the sources of the checks in one file that needs nothing but Python."""

from functools import cache

from sortition.proofs.composition import pasted

# In the order of their imports: each uses only those before it. `sortition.proofs.canonical` is left out: it writes the same
# bytes as the journal's (`tests/canonical_vectors.json`), under the same names.
MODULES = (
    "deliberate.journal.canonical",
    "deliberate.journal.rules",
    "deliberate.publication.findings",
    "deliberate.publication.folder",
    "deliberate.publication.record",
    "sortition.proofs.documents",
    "sortition.proofs.branches",
    "sortition.proofs.optimality",
    "sortition.proofs.proof",
    "sortition.proofs.ceremony",
    "sortition.proofs.verify",
    "deliberate.publication.recount",
    "deliberate.publication.opinion_check",
    "deliberate.publication.spoken",
    "deliberate.publication.ancestry",
    "deliberate.publication.registry",
    "deliberate.publication.verify",
)
PREFACE = '''"""Check this bundle: run `python -I verify.py` in its folder. Nothing but Python 3.9 or later is needed.

Generated from the sources of Deliberate (Apache-2.0), whose tests run it. `python -I verify.py --head DIGEST` also
says whether the journal passes through a digest printed elsewhere, on minutes or in an earlier publication.
"""

from __future__ import annotations
'''


@cache
def verifier() -> str:
    """The text of `verify.py`. Raises ClashError when two modules define one name differently."""
    return pasted(MODULES, PREFACE)
