"""Many messages of every kind through one filter, in batches; then what it holds that it should not."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tests.bench import mail, tools
from tests.soak.watched import State, watched

#: Bounces among ordinary mail, messages given up at each stage, cut connections, port scans, garbage.
KINDS = "oboboaoborobxobosobogobohob"
HOSTILE = "ghghsghghgo"
_BATCHES = 10
_WARM_BATCHES = 4


class Endured(msgspec.Struct, frozen=True):
    """What the load client counted in all, and the filter's state after each batch, with no connection open."""

    told: list[tools.Told]
    states: list[State]

    def total(self, name: str) -> int:
        """Return the sum of one of the load client's counts."""
        return sum(int(getattr(told, name)) for told in self.told)

    @property
    def growth(self) -> int:
        """Octets of memory gained since it was warm: the least of the last batches against the least of the first."""
        warm = self.states[_WARM_BATCHES - 2 : _WARM_BATCHES + 1]
        return min(s.memory for s in self.states[-3:]) - min(s.memory for s in warm)

    @property
    def slope(self) -> float:
        """Octets of memory gained a message, by least squares over the batches after it was warm."""
        points = [(s.messages, s.memory) for s in self.states[_WARM_BATCHES - 1 :]]
        mid_x = sum(x for x, _ in points) / len(points)
        mid_y = sum(y for _, y in points) / len(points)
        spread = sum((x - mid_x) ** 2 for x, _ in points)
        return sum((x - mid_x) * (y - mid_y) for x, y in points) / spread if spread else 0.0


def endure(
    messages: int, bounces: Sequence[Path], kinds: str = KINDS, say: Callable[[str], None] | None = None
) -> Endured:
    """Send so many messages of these kinds in turn, from eight clients, and watch."""
    ordinary = mail.ordinary(tools.BUILD)
    told: list[tools.Told] = []
    states: list[State] = []
    with tempfile.TemporaryDirectory(prefix="soak-") as home, watched(Path(home)) as filter_:
        for batch in range(_BATCHES):
            words = ("-c", "8", "-m", "37", "-n", str(messages // _BATCHES), "-k", kinds, "-r", str(1 + 1000 * batch))
            told.append(tools.told(tools.load(filter_.socket, ordinary, bounces, *words), seconds=3600))
            states.append(filter_.calm(states[0].descriptors if states else 0))
            if say:
                say(f"  batch {batch + 1}: {told[-1].rate:,.0f} messages/s, {states[-1]}")
    return Endured(told, states)
