"""A small assembler for LLVM's textual language: values are operands, control flow is `with`.

Integers are `i64` and truths are `i1`; an operand is a register name or a literal. Mutable
variables are stack slots, which LLVM's first pass turns into registers. Writing text is about
ten times faster than building an object for each instruction, and is what the cache hashes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

DECLARATIONS = """\
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)
declare i64 @llvm.ctpop.i64(i64)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
"""


@dataclass(slots=True)
class Function:
    """One function under construction: `parameters` as in `i64 count, ptr states`."""

    name: str
    parameters: str
    lines: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    count: int = 0

    def text(self, result: str) -> str:
        """The whole function, returning the operand `result`."""
        head = self.parameters.replace(" ", " %").replace(", %", ", ")
        lines = [f"define i64 @{self.name}({head}) {{", "entry:", *self.slots, *self.lines]
        return "\n".join([*lines, f"  ret i64 {result}", "}", ""])

    def fresh(self) -> int:
        """A number that no other register or label of this function has."""
        self.count += 1
        return self.count

    def emit(self, instruction: str) -> str:
        """Append an instruction with a result and return its register."""
        register = f"%v{self.fresh()}"
        self.lines.append(f"  {register} = {instruction}")
        return register

    def do(self, instruction: str) -> None:
        """Append an instruction without a result."""
        self.lines.append(f"  {instruction}")

    def binary(self, operation: str, a: str, b: str, type: str = "i64") -> str:
        """`operation type a, b`, for instance `add`, `and`, `icmp eq`."""
        return self.emit(f"{operation} {type} {a}, {b}")

    def select(self, condition: str, a: str, b: str, type: str = "i64") -> str:
        """`a` if the truth `condition`, else `b`."""
        return self.emit(f"select i1 {condition}, {type} {a}, {type} {b}")

    def slot(self, initial: str | None = None) -> str:
        """A mutable integer variable, set to `initial` here."""
        register = f"%s{self.fresh()}"
        self.slots.append(f"  {register} = alloca i64")
        if initial is not None:
            self.set(register, initial)
        return register

    def get(self, slot: str) -> str:
        """The present value of a variable."""
        return self.emit(f"load i64, ptr {slot}")

    def set(self, slot: str, value: str) -> None:
        """Give a variable a value."""
        self.do(f"store i64 {value}, ptr {slot}")

    def element(self, array: str, index: str, type: str = "i64") -> str:
        """The address of an element of an array of `type`."""
        return self.emit(f"getelementptr {type}, ptr {array}, i64 {index}")

    def load(self, array: str, index: str, type: str = "i64") -> str:
        """An element of an array as an `i64`, without sign."""
        value = self.emit(f"load {type}, ptr {self.element(array, index, type)}")
        return value if type == "i64" else self.emit(f"zext {type} {value} to i64")

    def store(self, value: str, array: str, index: str, type: str = "i64") -> None:
        """Write an `i64` to an element of an array, cut to its type."""
        if type != "i64":
            value = self.emit(f"trunc i64 {value} to {type}")
        self.do(f"store {type} {value}, ptr {self.element(array, index, type)}")

    def increment(self, array: str, index: str, by: str = "1") -> None:
        """Add to an element of an array of `i64`."""
        address = self.element(array, index)
        value = self.emit(f"load i64, ptr {address}")
        self.do(f"store i64 {self.binary('add', value, by)}, ptr {address}")

    def prefetch(self, address: str) -> None:
        """Ask the memory for a line that will be read soon."""
        self.do(f"call void @llvm.prefetch.p0(ptr {address}, i32 0, i32 3, i32 1)")

    def label(self, name: str) -> None:
        """Begin the block `name`, falling into it from the block before."""
        self.lines += [f"  br label %{name}", f"{name}:"]

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """The body runs if the truth `condition`."""
        number = self.fresh()
        self.do(f"br i1 {condition}, label %then{number}, label %after{number}")
        self.lines.append(f"then{number}:")
        yield
        self.label(f"after{number}")

    @contextmanager
    def either(self, condition: str) -> Iterator[Otherwise]:
        """`with either(c) as otherwise: …; with otherwise: …`: one of two bodies runs."""
        number = self.fresh()
        self.do(f"br i1 {condition}, label %then{number}, label %else{number}")
        self.lines.append(f"then{number}:")
        otherwise = Otherwise(self, number)
        yield otherwise
        assert otherwise.used, "either without otherwise"
        self.label(f"after{number}")

    @contextmanager
    def loop(self, start: str, stop: str) -> Iterator[str]:
        """The body runs for each integer from `start` up to but not including `stop`."""
        number = self.fresh()
        counter = self.slot(start)
        self.label(f"head{number}")
        index = self.get(counter)
        more = self.binary("icmp slt", index, stop)
        self.do(f"br i1 {more}, label %body{number}, label %done{number}")
        self.lines.append(f"body{number}:")
        yield index
        self.set(counter, self.binary("add", index, "1"))
        self.lines += [f"  br label %head{number}", f"done{number}:"]

    @contextmanager
    def forever(self) -> Iterator[str]:
        """The body runs until it branches to the yielded label, which stands behind it."""
        number = self.fresh()
        self.label(f"again{number}")
        yield f"out{number}"
        self.lines += [f"  br label %again{number}", f"out{number}:"]

    def leave(self, label: str, condition: str) -> None:
        """Branch to `label` if the truth `condition`, else go on."""
        number = self.fresh()
        self.do(f"br i1 {condition}, label %{label}, label %go{number}")
        self.lines.append(f"go{number}:")


@dataclass(slots=True)
class Otherwise:
    """The second half of `Function.either`."""

    function: Function
    number: int
    used: bool = False

    def __enter__(self) -> None:
        self.used = True
        self.function.do(f"br label %after{self.number}")
        self.function.lines.append(f"else{self.number}:")

    def __exit__(self, *_: object) -> None:
        return None
