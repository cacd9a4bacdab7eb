# Licensed under the MIT License. See LICENSE in the project root for license information.
"""Times FAISS IndexFlatIP: faiss_flat.py ROWS DIMENSION QUERIES K REPEATS. Debian: python3-faiss, libopenblas0-openmp.

The k nearest, and all that are as near as the k-th of the median query: a range search.
"""
import json
import sys
import time

try:
    import faiss
    import numpy
except ImportError as missing:
    sys.exit(f"{missing}; Debian has it as python3-faiss")

rows, dimension, queries, k, repeats = map(int, sys.argv[1:])
random = numpy.random.default_rng(1)
index = faiss.IndexFlatIP(dimension)
index.add(random.random((rows, dimension), dtype=numpy.float32) * 2 - 1)
batch = random.random((queries, dimension), dtype=numpy.float32) * 2 - 1


def median(action):
    action()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[repeats // 2]


similarities, _ = index.search(batch, k)
radius = float(numpy.median(similarities[:, -1]))
print(json.dumps({
    "seconds": median(lambda: index.search(batch, k)),
    "rangeSeconds": median(lambda: index.range_search(batch, radius)),
}))
