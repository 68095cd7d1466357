"""Processing on a Dask cluster: futures over photos, while the queue stays the catalogue's.

``drive`` hands photos out and waits for them; ``hands`` is what runs in a worker; ``places`` says which cluster.
Nothing is lost with a worker, the scheduler or the command: what was not committed is still in the queue.
"""

from fresque.cluster.drive import process as process
