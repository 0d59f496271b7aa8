"""The sizes of KIP-320 that are measured, with the number of states that every tool must find."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The published constants, and what is known of the search with them."""

    replicas: int
    log_size: int
    records: int
    epoch: int
    states: int

    @property
    def name(self) -> str:
        """The scope as an option of `splitbrain check`."""
        sizes = {
            "Replica": self.replicas,
            "LogSize": self.log_size,
            "Record": self.records,
            "Epoch": self.epoch,
        }
        return ",".join(f"{name}={size}" for name, size in sizes.items())

    @property
    def table_bits(self) -> int:
        """Logarithm of the smallest table that the states fill to three quarters or less."""
        return max(10, (self.states * 4 // 3).bit_length())


SMALL = Scope(2, 2, 2, 2, 5_973)
MIDDLE = Scope(3, 2, 2, 2, 737_794)
LARGE = Scope(3, 3, 3, 2, 4_093_531)
HUGE = Scope(3, 3, 3, 3, 64_739_578)

QUICK = (SMALL, MIDDLE)
FULL = (SMALL, LARGE, HUGE)
FIVE_REPLICAS = Scope(5, 3, 3, 2, 0)
"""Too large to exhaust: only compiled, and its states are not known."""
