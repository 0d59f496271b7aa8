"""Memory that grows keeps what is there."""

import pytest

from checker.explicit.memory import HUGE_PAGE, Buffer, WordFormat, available


@pytest.mark.parametrize(("format", "most"), [("B", 255), ("H", 65535), ("I", 2**32 - 1)])
@pytest.mark.parametrize("lengths", [(1, 5000), (10, HUGE_PAGE), (HUGE_PAGE, 3 * HUGE_PAGE)])
def test_growing_keeps_values_and_adds_zeros(
    format: WordFormat, most: int, lengths: tuple[int, int]
) -> None:
    small, large = lengths
    buffer = Buffer(format, small)
    buffer[0] = buffer[small - 1] = most
    buffer.grow(large)
    assert (buffer[0], buffer[small - 1], buffer[large - 1]) == (most, most, 0)
    assert buffer.length == large
    buffer.grow(small)
    assert buffer.length == large
    buffer.close()


def test_some_memory_is_available() -> None:
    assert 0 < available() < 1 << 62
