"""Words, encoders, vectors by text hash and one searchable index, for every later step."""

import os

# Read by the numerical libraries when they are loaded, so before numpy is imported. Threads that
# spin without end take up to a hundred times the work where other processes are busy too, those
# that never spin twice the work where none is; so they spin for a moment. The products of one
# question are too small to be shared out.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("GOMP_SPINCOUNT", "20000")
