"""The memory of a process with many threads and long life: one heap, and what loading left over given back.

Rule: knobs of glibc alone; where another C library has none of them, nothing happens.
"""

import contextlib
import ctypes
import gc
from typing import Final

# mallopt(3), glibc's number of it.
_M_ARENA_MAX: Final = -8


def share() -> None:
    """Let all threads allocate from one heap: glibc keeps a heap for each, though the interpreter runs but one."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def settle() -> None:
    """Give back what loading left over, a sixth of the heap, and keep what is left shared with processes forked later."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
