# Licensed under the MIT License. See LICENSE in the project root for license information.
"""Maps float32 rows with umap-learn: umap_map.py FILE ROWS DIMENSION NEIGHBORS OUT. Debian: umap-learn."""
import json
import sys
import time

try:
    import numpy
    import umap
except ImportError as missing:
    sys.exit(f"{missing}; Debian has it as umap-learn")

source, rows, dimension, neighbors, target = sys.argv[1:]
vectors = numpy.fromfile(source, numpy.float32).reshape(int(rows), int(dimension))


def place(some):
    # it counts the row itself as its own neighbour
    mapper = umap.UMAP(n_neighbors=int(neighbors) + 1, metric="cosine", random_state=0)
    return mapper.fit_transform(some)


place(vectors[:500])  # compiles
start = time.perf_counter()
places = place(vectors)
seconds = time.perf_counter() - start
places.astype(numpy.float32).tofile(target)
print(json.dumps({"seconds": seconds, "version": umap.__version__}))
