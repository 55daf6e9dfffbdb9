"""Attribution the slow way: per-path loops, permutations, one solve for each removed channel. Shares no
code.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

DAY = 86_400_000_000


class Touch(NamedTuple):
    user: int
    time: int
    channel: str
    direct: bool = False


class Conversion(NamedTuple):
    user: int
    time: int
    value: float = 1.0


type Path = tuple[Touch, ...]


def paths_of(
    touches: list[Touch], conversions: list[Conversion], lookback: float = 30
) -> tuple[list[tuple[Conversion, Path]], list[Path]]:
    """Each conversion with its path, and the null path of each user."""
    span = round(lookback * DAY)
    order = sorted(range(len(touches)), key=lambda n: (touches[n].time, n))
    found, used = [], set()
    for conversion in conversions:
        mine = [
            n
            for n in order
            if touches[n].user == conversion.user
            and conversion.time - span <= touches[n].time <= conversion.time
        ]
        used.update(mine)
        found.append((conversion, tuple(touches[n] for n in mine)))
    left: dict[int, list[Touch]] = defaultdict(list)
    for n in order:
        if n not in used:
            left[touches[n].user].append(touches[n])
    return found, [tuple(path) for path in left.values()]


def shares(path: Path, model: str, at: int, half_life: float) -> list[float]:
    """What each touch of a path gets of one conversion."""
    size = len(path)
    got = [0.0] * size
    if model == "first":
        got[0] = 1
    elif model == "last":
        got[-1] = 1
    elif model == "last_non_direct":
        got[max((n for n in range(size) if not path[n].direct), default=size - 1)] = 1
    elif model == "linear":
        got = [1 / size] * size
    elif model == "time_decay":
        weights = [2 ** (-((at - touch.time) / DAY) / half_life) for touch in path]
        got = [weight / sum(weights) for weight in weights]
    elif model == "position":
        if size == 1:
            got = [1.0]
        elif size == 2:
            got = [0.5, 0.5]
        else:
            got = [0.4, *[0.2 / (size - 2)] * (size - 2), 0.4]
    return got


def heuristic(
    found: Iterable[tuple[Conversion, Path]], model: str, half_life: float = 7, of_value: bool = False
) -> dict[str, float]:
    """Credit by channel of a model that shares within paths."""
    credit: dict[str, float] = defaultdict(float)
    for conversion, path in found:
        for touch, share in zip(
            path, shares(path, model, conversion.time, half_life) if path else [], strict=True
        ):
            credit[touch.channel] += share * (conversion.value if of_value else 1)
    return dict(credit)


def shapley(found: list[tuple[Conversion, Path]], channels: list[str]) -> dict[str, float]:
    """The mean over all orders of what a channel adds; a set is worth what its subsets converted."""
    sets = Counter(frozenset(touch.channel for touch in path) for _, path in found if path)

    def worth(coalition: frozenset[str]) -> int:
        return sum(count for members, count in sets.items() if members <= coalition)

    credit = dict.fromkeys(channels, 0.0)
    orders = list(itertools.permutations(channels))
    for order in orders:
        for n, channel in enumerate(order):
            credit[channel] += worth(frozenset(order[: n + 1])) - worth(frozenset(order[:n]))
    return {channel: total / len(orders) for channel, total in credit.items()}


def removal_effects(
    found: list[tuple[Conversion, Path]], null: list[Path], channels: list[str]
) -> dict[str, float]:
    """One solve for each removed channel."""
    steps: Counter[tuple[str, str]] = Counter()
    for path, ending in [
        *((path, "(conv)") for _, path in found if path),
        *((path, "(null)") for path in null),
    ]:
        states = ["(start)", *(touch.channel for touch in path), ending]
        steps.update(itertools.pairwise(states))
    everything = _chance(steps, channels, removed=None)
    return {channel: 1 - _chance(steps, channels, removed=channel) / everything for channel in channels}


def _chance(steps: Counter[tuple[str, str]], channels: list[str], removed: str | None) -> float:
    states = ["(start)", *(channel for channel in channels if channel != removed)]
    number = {state: n for n, state in enumerate(states)}
    moves, ends = np.zeros((len(states), len(states))), np.zeros(len(states))
    for state in states:
        going = {to: count for (start, to), count in steps.items() if start == state}
        for to, count in going.items():
            if to in number:
                moves[number[state], number[to]] += count / sum(going.values())
            elif to == "(conv)":
                ends[number[state]] += count / sum(going.values())
    return float(np.linalg.solve(np.eye(len(states)) - moves, ends)[0])


def markov(
    found: list[tuple[Conversion, Path]],
    null: list[Path],
    channels: list[str],
    effects: Callable[..., dict[str, float]] = removal_effects,
) -> dict[str, float]:
    """Conversions by part of all removal effects."""
    of = effects(found, null, channels)
    attributed = sum(1 for _, path in found if path)
    return {channel: effect / sum(of.values()) * attributed for channel, effect in of.items()}
