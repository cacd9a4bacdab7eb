# Licensed under the MIT License. See LICENSE in the project root for license information.
"""Times FAISS IndexPQ, alone and under IndexRefineFlat: faiss_pq.py ROWS QUERIES DIMENSION SUBSPACES K FACTOR REPEATS.

ROWS and QUERIES are files of float32. Debian: python3-faiss, libopenblas0-pthread.
"""
import json
import sys
import time

try:
    import faiss
    import numpy
except ImportError as missing:
    sys.exit(f"{missing}; Debian has it as python3-faiss")

rows_path, queries_path = sys.argv[1:3]
d, m, k, factor, repeats = map(int, sys.argv[3:])
rows = numpy.fromfile(rows_path, dtype=numpy.float32).reshape(-1, d)
queries = numpy.fromfile(queries_path, dtype=numpy.float32).reshape(-1, d)
exact = faiss.IndexFlatL2(d)
exact.add(rows)
truth = exact.search(queries, k)[1].tolist()


def measure(index):
    start = time.perf_counter()
    index.train(rows)
    index.add(rows)
    result = {"build": time.perf_counter() - start}
    for threads in (1, 2):
        faiss.omp_set_num_threads(threads)
        found = index.search(queries, k)[1]
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            index.search(queries, k)
            seconds.append(time.perf_counter() - start)
        result[f"threads{threads}"] = sorted(seconds)[repeats // 2]
    hits = sum(len(set(a) & set(b)) for a, b in zip(truth, found.tolist()))
    result["recall"] = hits / (len(truth) * k)
    return result


refined = faiss.IndexRefineFlat(faiss.IndexPQ(d, m, 8))
refined.k_factor = factor
print(json.dumps({"codes": measure(faiss.IndexPQ(d, m, 8)), "vectors": measure(refined)}))
