"""LLVM text to callable functions, and a cache of the object code.

A cache entry is named after a digest of the text, the compiler's version and the processor, and
holds a digest of its own content: an entry that is cut short, damaged or of another origin does
not match, and is compiled again. The cache is only ever a saving; without a place to keep it
everything works.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llvmlite
from llvmlite import binding as llvm

MAGIC = b"splitbrain object 2\n"
DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class ObjectCache:
    """A directory of object files. It is made, private to its owner, when first written to."""

    directory: Path

    def read(self, key: str) -> bytes | None:
        """The object code kept under `key`, or `None` if there is none that can be trusted."""
        try:
            data = (self.directory / key).read_bytes()
        except OSError:
            return None
        digest, code = data[len(MAGIC) : len(MAGIC) + DIGEST_BYTES], data[_HEADER:]
        intact = data.startswith(MAGIC) and digest == _seal(key, code)
        return code if intact else None

    def write(self, key: str, code: bytes) -> None:
        """Keep object code; a directory that cannot be written to is left alone."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.directory)
            with os.fdopen(handle, "wb") as file:
                file.write(MAGIC + _seal(key, code) + code)
            # Renaming is atomic: two commands at once never see half an entry.
            Path(name).replace(self.directory / key)
        except OSError:
            return


_HEADER = len(MAGIC) + DIGEST_BYTES


def _seal(key: str, code: bytes) -> bytes:
    return hashlib.sha256(key.encode() + code).digest()


@dataclass(frozen=True, slots=True)
class MachineCode:
    """Loaded functions. `engine` keeps their code alive, and each function keeps `engine`."""

    engine: Any
    from_cache: bool

    def function(self, name: str, parameters: int) -> Callable[..., int]:
        """A function of that many 64-bit integers or addresses; calling it frees the GIL."""
        address = self.engine.get_function_address(name)
        assert address, f"no function {name}"
        types = [ctypes.c_int64] * parameters
        call = ctypes.CFUNCTYPE(ctypes.c_int64, *types)(address)
        vars(call)["engine"] = self.engine
        return call


def load(text: str, cache: ObjectCache | None) -> MachineCode:
    """Compile LLVM text for this processor, or take its object code from the cache."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = _target_machine()
    key = _key(text)
    code = cache.read(key) if cache else None
    from_cache = code is not None
    if code is None:
        code = _compile(text, machine)
        if cache:
            cache.write(key, code)
    empty = llvm.parse_assembly("")
    engine = llvm.create_mcjit_compiler(empty, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return MachineCode(engine, from_cache)


def _target_machine() -> Any:
    target = llvm.Target.from_default_triple()
    features = llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=2, jit=True
    )


def _key(text: str) -> str:
    parts = (
        llvmlite.__version__,
        ".".join(map(str, llvm.llvm_version_info)),
        llvm.get_default_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        text,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _compile(text: str, machine: Any) -> bytes:
    module = llvm.parse_assembly(text)
    module.triple = llvm.get_default_triple()
    module.data_layout = str(machine.target_data)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options())
    passes = llvm.create_new_function_pass_manager()
    # Grounding has simplified the terms already. What is left to do is to turn slots into registers
    # and to drop what is computed twice; the passes of -O2 take thrice as long and gain nothing.
    passes.add_sroa_pass()
    passes.add_new_gvn_pass()
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)
    code = machine.emit_object(module)
    assert isinstance(code, bytes)
    return code
