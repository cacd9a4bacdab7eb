# Licensed under the MIT License. See LICENSE in the project root for license information.
"""Times FAISS IndexFlatIP: faiss_flat.py ROWS DIMENSION QUERIES K REPEATS. Debian: python3-faiss, libopenblas0-openmp."""
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
index.search(batch, k)
seconds = []
for _ in range(repeats):
    start = time.perf_counter()
    index.search(batch, k)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": sorted(seconds)[repeats // 2]}))
