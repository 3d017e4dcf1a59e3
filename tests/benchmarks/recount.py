"""Runs in a fresh interpreter: verifies the folder of a draw; figures as JSON.

python -m tests.benchmarks.recount FOLDER
"""

import json
import sys
import time
from pathlib import Path

from sortition.proofs.program import findings_of
from tests.benchmarks.memory import peak_mb


def main(folder: Path) -> None:
    """Print wall and processor seconds, reading the documents included, and what did not verify."""
    clock, processor = time.perf_counter(), time.process_time()
    findings = findings_of(folder / "lottery.json")
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    figures = {
        "seconds": clock,
        "processor_seconds": processor,
        "passed": sum(finding.outcome == "passed" for finding in findings),
        "failed": [str(finding) for finding in findings if finding.outcome == "failed"],
        "memory_mb": peak_mb(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
