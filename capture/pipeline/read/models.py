"""The PP-OCR models that the rapidocr wheel carries: their bytes, digests, alphabet and sessions.

One session of each model per process, made when first asked for.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.errors import MissingDependency

DETECTION = "PP-OCRv6_det_small.onnx"
RECOGNITION = "PP-OCRv6_rec_small.onnx"

Tensor = NDArray[np.float32]


def _path(name: str) -> Path:
    try:
        path = Path(str(resources.files("rapidocr"))) / "models" / name
    except ModuleNotFoundError as error:
        raise MissingDependency("the rapidocr package, which carries the reading models, is not installed") from error
    if not path.is_file():
        raise MissingDependency(f"the installed rapidocr package does not carry the model {name}")
    return path


@cache
def digests() -> dict[str, str]:
    """File name → SHA-256 (hex) of the models that reading uses."""
    return {name: hashlib.sha256(_path(name).read_bytes()).hexdigest() for name in (DETECTION, RECOGNITION)}


@cache
def session(name: str, threads: int) -> Any:
    """The onnxruntime session of a model on the processor, silent, with ``threads`` threads."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # other work waits on these processors
    # Detection asks for the same large blocks again and again: kept between photos (0.28 GB), they save a fifth of
    # its time. Lines come in every width, so for them an arena would only grow.
    options.enable_cpu_mem_arena = name == DETECTION
    return onnxruntime.InferenceSession(str(_path(name)), options, providers=["CPUExecutionProvider"])


def run(name: str, batch: Tensor, threads: int) -> Tensor:
    """The single output of a model for one batch."""
    loaded = session(name, threads)
    return np.asarray(loaded.run(None, {loaded.get_inputs()[0].name: batch})[0], dtype=np.float32)


@cache
def symbols() -> tuple[str, ...]:
    """What each output column of the recognition model stands for; the blank, column 0, is the empty string."""
    listed = session(RECOGNITION, 1).get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *listed, " ")
