"""A network of one hidden layer, taught by examples: Adam (Kingma and Ba 2015) on softmax with cross entropy.

Nearly all inputs of an example are nothing, so only the rows of what it holds are touched. Words and hidden values are
left out by chance while it learns, so that no word is relied upon alone. The same examples teach the same network.
"""

from typing import Any, NamedTuple

import numpy as np

#: Hidden values: 64 judge no better, 32 worse.
_HIDDEN = 48
_ROUNDS = 20
_TOGETHER = 256
_PACE = 2e-3
_LEFT_OUT = 0.2
#: How much of the truth is spread over all reasons: examples are written by people, and some are wrong.
_DOUBT = 0.05
_SPREAD = 0.01
_SLOW, _SLOWER, _TINY = np.float32(0.9), np.float32(0.999), np.float32(1e-8)


class Net(NamedTuple):
    """Weights: inputs x hidden, hidden, hidden x reasons, reasons."""

    words: Any
    bias: Any
    said: Any
    said_bias: Any


class _Moments:
    """What Adam knows of the slopes of one matrix so far."""

    def __init__(self, weights: Any) -> None:
        self._first = np.zeros_like(weights)
        self._second = np.zeros_like(weights)

    def step(self, weights: Any, slope: Any, pace: Any, rows: Any = slice(None)) -> None:
        """Move *rows* of the *weights* against their *slope*."""
        first = self._first[rows] = self._first[rows] * _SLOW + slope * (1 - _SLOW)
        second = self._second[rows] = self._second[rows] * _SLOWER + slope * slope * (1 - _SLOWER)
        weights[rows] -= pace * first / (np.sqrt(second) + _TINY)


def train(told: Any, reasons: Any, trust: Any) -> Net:
    """Return the network that *told*, a sparse matrix with a row an example, teaches of the numbers of *reasons*.

    trust   how much each example weighs
    """
    chance = np.random.default_rng(1)
    told, trust = told.astype(np.float32).tocsr(), np.asarray(trust, np.float32)
    net = Net(*(w.astype(np.float32) for w in _beginning(chance, told.shape[1], int(reasons.max()) + 1)))
    moments = [_Moments(weights) for weights in net]
    steps = _ROUNDS * -(-told.shape[0] // _TOGETHER)
    step = 0
    for _ in range(_ROUNDS):
        order = chance.permutation(told.shape[0])
        for start in range(0, len(order), _TOGETHER):
            some = order[start : start + _TOGETHER]
            step += 1
            corrected = np.sqrt(1 - _SLOWER**step) / (1 - _SLOW**step)
            pace = np.float32(_PACE * (1 - step / steps) * corrected)
            rows, slopes = _slopes(net, told[some], reasons[some], trust[some] / len(some), chance)
            for which, (weights, moment, slope) in enumerate(zip(net, moments, slopes, strict=True)):
                moment.step(weights, slope, pace, rows if which == 0 else slice(None))
    return net


def _beginning(chance: Any, inputs: int, reasons: int) -> Any:
    yield chance.normal(0, _SPREAD, (inputs, _HIDDEN))
    yield np.zeros(_HIDDEN)
    yield chance.normal(0, np.sqrt(2 / (_HIDDEN + reasons)), (_HIDDEN, reasons))
    yield np.zeros(reasons)


def _slopes(net: Net, told: Any, reasons: Any, trust: Any, chance: Any) -> tuple[Any, Net]:
    """Return the inputs that *told* holds, and the slope of the loss for each weight; of `words` for those alone."""
    told.data *= _kept(chance, told.data.shape)
    sums = told @ net.words + net.bias
    kept = _kept(chance, sums.shape) * (sums > 0)
    hidden = sums * kept
    logits = hidden @ net.said + net.said_bias
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    truth = np.full(shares.shape, _DOUBT / shares.shape[1], np.float32)
    truth[np.arange(len(reasons)), reasons] += 1 - _DOUBT
    wrong = (shares - truth) * trust[:, None]
    back = (wrong @ net.said.T) * kept
    rows = np.unique(told.indices)
    return rows, Net(told.T.tocsr()[rows] @ back, back.sum(0), hidden.T @ wrong, wrong.sum(0))


def _kept(chance: Any, shape: Any) -> Any:
    """Return nothing for what is left out, and a little more than one for the others."""
    return (chance.random(shape) >= _LEFT_OUT).astype(np.float32) / np.float32(1 - _LEFT_OUT)
