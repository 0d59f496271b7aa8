from __future__ import annotations

from typing import Any

from checker.gate.gate import _gone
from checker.result import ExitCode
from tests.gate.small_gate import declaration, locked, planned

TWO_SPECS = '''
from checker import Spec, action, invariant


class First(Spec):
    """One."""

    flag: bool = False

    @action
    def flip(self) -> None:
        """Flip."""
        self.flag = not self.flag

    @invariant
    def fine(self) -> bool:
        """Always."""
        return self.flag or not self.flag


class Second(First):
    """The other."""
'''


def names(repository: Any, text: str) -> list[str]:
    repository.declare(text)
    return [one.run.name for one in planned().planned]


def test_names_tell_runs_apart(repository: Any) -> None:
    repository.write("specs/two.py", TWO_SPECS)
    repository.write("specs/helpers.py", "ONE = 1\n")
    glob = '[[checks]]\nspec = "specs/*.py"\n'
    every = ["specs/counter.py", "specs/two.py:First", "specs/two.py:Second"]
    assert names(repository, glob) == every
    assert names(repository, glob + 'name = "all"\n') == [f"all: {name}" for name in every]
    swept = '[[checks]]\nspec = "specs/counter.py"\nscope = { Count = "2..3" }\n'
    assert names(repository, swept) == [f"specs/counter.py [Count={n}]" for n in (2, 3)]
    assert names(repository, swept + 'name = "c"\n') == ["c [Count=2]", "c [Count=3]"]


MISTAKES = [
    ('spec = "specs/none*.py"', "matches no Python file"),
    ('spec = "/specs/*.py"', "a glob is relative to the folder of the declaration"),
    ('spec = "specs/helpers*"', "no file that specs/helpers* matches has a spec"),
    ('spec = "specs/cuonter.py"', "did you mean specs/counter.py?"),
    ('spec = "published.kip320_first"', "did you mean published.kip320_first_try?"),
    ('spec = "specs/counter.py"\nsettings = { acks = "x" }', "has no setting acks"),
    ('spec = "specs/counter.py"\nscope = { Cuont = 1 }', "did you mean Count?"),
    ('spec = "specs/counter.py"\nproperties = ["is_smal"]', "did you mean is_small?"),
    ('spec = "specs/counter.py"\nexpect = "violated"\nproperty = "is_smal"\nsteps = 1',
     "did you mean is_small?"),
    ('spec = "specs/counter.py"\nproperties = ["is_small"]\nexpect = "violated"\n'
     'property = "gets_to_two"\nsteps = 1', "no property gets_to_two to be violated"),
    ('spec = "specs/broken.py"', "specs/broken.py:2"),
    ('spec = "specs/silent.py"', "has no properties"),
    ('spec = "specs/counter.py"\nscope = { Count = "1..1001" }', "more than 1,000 runs"),
]  # fmt: skip


def test_what_cannot_be_run_is_a_failure_of_its_own(repository: Any) -> None:
    repository.write("specs/helpers.py", "ONE = 1\n")
    repository.write("specs/broken.py", "\nimport nothing_of_this_name\n")
    silent = TWO_SPECS.partition("    @invariant")[0]
    repository.write("specs/silent.py", silent)
    entries = [f"[[checks]]\nname = {str(n)!r}\n{entry}\n" for n, (entry, _) in enumerate(MISTAKES)]
    repository.declare("".join(entries) + '[[checks]]\nname = "fine"\nspec = "toys.die_hard"\n')
    *bad, fine = planned().planned
    for one, (entry, message) in zip(bad, MISTAKES, strict=True):
        assert one.failure is not None, entry
        assert one.failure.exit is ExitCode.USAGE
        assert message in one.failure.message
    assert fine.failure is None


def test_two_checks_of_one_name_are_refused(repository: Any) -> None:
    entry = '[[checks]]\nspec = "specs/counter.py"\n'
    repository.declare(entry + entry + 'profiles = ["full"]\n')
    first, second = planned().planned
    assert first.failure is None
    assert second.failure is not None
    assert "[[checks]] 1 (specs/counter.py), too" in second.failure.message


def test_facts_are_places_in_the_users_files(repository: Any) -> None:
    facts = locked().planned.facts
    assert facts is not None
    assert (facts.spec.file, facts.spec.line) == ("specs/counter.py", 8)
    assert str(facts.properties["is_small"]).startswith("specs/counter.py:2")
    assert facts.docs["is_small"] == "Small enough."


def test_checks_that_nobody_declares_any_more_are_told(repository: Any) -> None:
    lock = locked().lock
    repository.declare('[[checks]]\nname = "renamed"\nspec = "specs/counter.py"\n')
    (gone,) = _gone(planned(lock), lock)
    assert gone.text == "check specs/counter.py is in the lock, and no longer declared"
    repository.declare('[[checks]]\nspec = "specs/counter.py"\nprofiles = ["full"]\n')
    assert declaration().checks[0].profiles == ("full",)
    assert _gone(planned(lock), lock) == []
