"""The product's worker without the search, which it would load before the first job."""

from novator.site import worker
from novator.site.watch import end_with_supervisor

if __name__ == "__main__":
    end_with_supervisor()
    worker._warm_up = lambda: None
    worker.work()
