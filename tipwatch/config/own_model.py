"""Whether the model that a configuration names can judge: told with the line that names it, before it is relied on.

The shipped model is taken as it is.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tipwatch.config.problems import problem_in
from tipwatch.errors import ConfigError

if TYPE_CHECKING:
    from tipwatch.config.load import Configuration

__all__ = ["check_own_model"]


def check_own_model(configuration: Configuration) -> None:
    """Loads the model in a process of its own, so that its memory goes with it: half a second, none without one.

    Raises:
        ConfigError: it cannot be used; says why, and what to do.
    """
    model = configuration.classifier.model
    if model is None:
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        problem = process.submit(_problem_of, model).result()
    if problem is not None:
        raise ConfigError(configuration.file, [problem_in(configuration.file, ("classifier", "model"), *problem)])


def _problem_of(folder: Path) -> tuple[str, str] | None:
    """What is wrong with a model, and what to do."""
    from classifier.judge import Judge
    from classifier.model import ModelError

    try:
        Judge.load(model_folder=folder)
    except ModelError as error:
        return str(error), error.hint
    return None
