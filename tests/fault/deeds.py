"""How much harm a run does, and how much was done."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Form:
    """How long and how hard a run is; `gap_seconds` is the rest between two blows.

    Calm, and the two times without a broker, last until so many tries were answered.
    With a `nation_scale` the groups are those of a synthetic nation of that size, whose
    pages `readers` browse, each for so long a page on average.
    """

    acknowledged: int
    pool_kills: int
    main_kills: int
    drain_kills: int
    terminations: int
    web_kills: int
    stopped_seconds: float
    frozen_seconds: float
    gap_seconds: tuple[float, float]
    calm_seconds: float
    tries_each_phase: int
    groups_each: int
    clients: int = 4
    rest_seconds: float = 0.1
    nation_scale: float = 0.0
    readers: int = 0
    reading_seconds: float = 5.0


SHORT = Form(
    acknowledged=150,
    pool_kills=1,
    main_kills=1,
    drain_kills=2,
    terminations=2,
    web_kills=2,
    stopped_seconds=2.0,
    frozen_seconds=2.0,
    gap_seconds=(0.1, 0.3),
    calm_seconds=1.0,
    tries_each_phase=20,
    groups_each=2,
    nation_scale=0.02,
    readers=4,
    reading_seconds=1.0,
)
FULL = Form(
    acknowledged=2_000,
    pool_kills=22,
    main_kills=20,
    drain_kills=22,
    terminations=24,
    web_kills=20,
    stopped_seconds=30.0,
    frozen_seconds=30.0,
    gap_seconds=(0.2, 1.2),
    calm_seconds=10.0,
    tries_each_phase=200,
    groups_each=40,
)
FULL_NATION = replace(FULL, nation_scale=1.0, readers=20)


@dataclass(slots=True)
class Deeds:
    """What was done. `mid_pass`: the victim had a transaction open at that moment.

    `gave_up`: workers that ended by themselves and were started again.
    """

    pool_kills: int = 0
    main_kills: int = 0
    drain_kills: int = 0
    mid_pass_kills: int = 0
    terminations: int = 0
    mid_pass_terminations: int = 0
    web_kills: int = 0
    stopped_seconds: float = 0.0
    frozen_seconds: float = 0.0
    gave_up: int = 0

    @property
    def worker_kills(self) -> int:
        return self.pool_kills + self.main_kills + self.drain_kills
