"""Words, encoders, vectors by text hash and one searchable index, for every later step."""

import os

# Read by the numerical libraries when they are loaded, so before numpy is imported. Threads that
# wait by spinning take several times the work itself where other processes are busy too, and the
# products of one question are too small to be shared out.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
