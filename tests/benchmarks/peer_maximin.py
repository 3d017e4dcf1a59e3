"""Runs in the peer's own environment: its maximin with HiGHS on one pool, figures as JSON on the last line.

    python -m tests.benchmarks.peer_maximin POOL_FOLDER SEATS

Only the peer's public interface is called. Importing it and reading the files are not counted.
"""

import json
import os
import sys
import time
from importlib import metadata
from pathlib import Path

from sortition_algorithms.adapters import CSVFileDataSource, SelectionData
from sortition_algorithms.committee_generation import find_distribution_maximin
from sortition_algorithms.settings import Settings
from sortition_algorithms.utils import set_random_provider

from tests.benchmarks.memory import peak_mb

SEED = 1


def main(folder: Path, seats: int) -> None:
    """Print wall and processor seconds and the least chance of those whom its panels hold.

    The peer leaves out people whom no panel can hold, says so, and equalises the chances of the others.
    """
    files = CSVFileDataSource(
        features_file=folder / "categories.csv",
        people_file=folder / "respondents.csv",
        already_selected_file=None,
        selected_file=Path(os.devnull),
        remaining_file=Path(os.devnull),
    )
    source = SelectionData(files)
    settings = Settings(
        id_column="id", columns_to_keep=[], selection_algorithm="maximin", solver_backend="highspy"
    )
    features, _ = source.load_features(seats)
    people, _ = source.load_people(settings, features)
    set_random_provider(SEED)
    clock, processor = time.perf_counter(), time.process_time()
    panels, probabilities, _ = find_distribution_maximin(features, people, seats, [], settings.solver_backend)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    chances = dict.fromkeys(people, 0.0)
    for panel, probability in zip(panels, probabilities, strict=True):
        for person in panel:
            chances[person] += probability
    figures = {
        "version": metadata.version("sortition-algorithms"),
        "seconds": clock,
        "processor_seconds": processor,
        "least": min(chance for chance in chances.values() if chance > 0),
        "left_out": sum(chance == 0 for chance in chances.values()),
        "panels": sum(probability > 0 for probability in probabilities),
        "memory_mb": peak_mb(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
