"""Which concepts each row of the table belongs to, as it is: the matrix before it is factored.

Factoring brings near what has no concept in common, which finds the subject; here two words are alike only through
concepts that hold both, which tells boards of one subject apart. Its square root is used: cosines of such thin vectors
fall off too fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Associations:
    """Row ``i`` holds concepts ``concepts[starts[i]:starts[i + 1]]`` by ``weights``, and is of unit length."""

    starts: NDArray[np.int32]
    concepts: NDArray[np.uint16]
    weights: NDArray[np.float16]

    @cached_property
    def _matrix(self) -> Any:
        """Rows of the table × concepts."""
        from scipy.sparse import csr_array

        cells = (self.weights.astype(np.float32), self.concepts.astype(np.int32), self.starts)
        return csr_array(cells, shape=(len(self.starts) - 1, int(self.concepts.max(initial=0)) + 1))

    def of(self, spelling: Any, passed: Sequence[int] | NDArray[np.int64] = ()) -> Any:
        """Words × concepts, of unit length, for words × rows of the table (sparse); some concepts are ``passed`` by."""
        from scipy.sparse import csr_array, diags_array

        found = csr_array(spelling @ self._matrix)
        if len(passed):
            found.data[np.isin(found.indices, passed)] = 0
        lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        return csr_array(diags_array(1 / np.where(lengths > 0, lengths, 1)) @ found)


def collect(matrix: Any) -> Associations:
    """From weights of rows in concepts (sparse, no row of zeros)."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    weights = matrix.data / np.repeat(np.where(lengths > 0, lengths, 1), np.diff(matrix.indptr))
    return Associations(matrix.indptr.astype(np.int32), matrix.indices.astype(np.uint16), weights.astype(np.float16))
