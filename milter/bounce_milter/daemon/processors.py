"""The processors that this service may use, and the one that a worker keeps to.

Rule: the interpreter runs one thread of a process at a time. Threads of a worker that are spread over processors wait
for each other's lock at every field of every mail, which costs up to a quarter of the speed; on one processor they hardly
ever meet. So where there is a worker for each processor, each keeps to one. Where there are fewer, the system places them:
it knows which processor is idle. Where it has no such call (not Linux) or forbids it, nothing happens.
"""

import contextlib
import os


def usable() -> list[int]:
    """Return the numbers of the processors that this process may run on (sched_getaffinity(2)), at least one."""
    with contextlib.suppress(AttributeError, OSError):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def keep_to(processor: int) -> None:
    """Let this thread, and those that it starts, run there alone (sched_setaffinity(2))."""
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {processor})
