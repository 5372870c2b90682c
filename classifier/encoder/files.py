"""The files of an encoder, and the 4-bit form of its embeddings.

In: rows of numbers. Out: blocks of 32 numbers in 18 bytes, a scale and a step from -8 to 7 for each, as the base model
comes (GGML's Q4_0), so that nothing is lost. Rows are unpacked when they are asked for: the table stays on disk, and
only what a text uses is read into memory.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TRUNK_FILE, WORDS_FILE, HEADS_FILE = "trunk.onnx", "words.npy", "heads.npz"
PIECES_FILE, LOG_FILE = "pieces.model", "training.json"
FILES = (TRUNK_FILE, WORDS_FILE, HEADS_FILE, PIECES_FILE, LOG_FILE)

_BLOCK = 32
_MIDDLE = 8
_Blocks = NDArray[np.uint8]


def pack_words(rows: NDArray[np.float32]) -> _Blocks:
    """Rows x width as rows x bytes. What was unpacked from such blocks comes out exactly."""
    blocks = rows.reshape(len(rows), -1, _BLOCK)
    extreme = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scale = (extreme / -_MIDDLE).astype(np.float16)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.nan_to_num(np.round(blocks / scale.astype(np.float32)))
    whole: _Blocks = (np.clip(steps, -_MIDDLE, _MIDDLE - 1) + _MIDDLE).astype(np.uint8)
    low, high = whole[..., : _BLOCK // 2], whole[..., _BLOCK // 2 :]
    return np.concatenate([scale.view(np.uint8), low | (high << np.uint8(4))], -1).reshape(len(rows), -1)


def unpack_words(blocks: _Blocks) -> NDArray[np.float32]:
    """Rows x bytes as rows x width."""
    parts = blocks.reshape(len(blocks), -1, 2 + _BLOCK // 2)
    scale = np.ascontiguousarray(parts[..., :2]).view(np.float16).astype(np.float32)
    steps = np.concatenate([parts[..., 2:] & 15, parts[..., 2:] >> 4], -1).astype(np.float32) - _MIDDLE
    return np.asarray((steps * scale).reshape(len(blocks), -1))


def load_words(path: Path) -> _Blocks:
    """The packed table, left on disk until rows are asked for.

    Raises:
        OSError, ValueError: there is none, or it is damaged.
    """
    table: _Blocks = np.load(path, mmap_mode="r", allow_pickle=False)
    if table.dtype != np.uint8 or table.ndim != 2:
        raise ValueError(f"{path.name} holds no packed embeddings")
    return table


def take_words(table: _Blocks, rows: NDArray[np.int32]) -> NDArray[np.float32]:
    """Rows of the packed table, unpacked. The file's pages are given back at once: in a day's news all 31 MB are asked
    for, and to look at some again costs a quarter of a millisecond."""
    found = unpack_words(table[rows])
    file: Any = table.base
    if isinstance(file, mmap.mmap):
        file.madvise(mmap.MADV_DONTNEED)
    return found
