"""The codes of mistakes in declarations, settings, scopes and names: S001 to S039.

The codes of mistakes in method bodies, from S040, are in `lower/codes.py`.
"""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    "S001": "the source of a class or function cannot be read",
    "S002": "a scope name has no default in the spec's `scope`",
    "S003": "a scope entry was given that the spec does not have",
    "S004": "a scope value is not a whole number, or too small",
    "S005": "a class attribute without annotation",
    "S006": "a parameter or result without annotation",
    "S007": "a domain without bound",
    "S008": "a type that is not part of the language",
    "S009": "a map key whose domain is not small and finite",
    "S010": "a mutable initial value",
    "S011": "a record that is not a frozen dataclass, or that is more than its fields",
    "S012": "an optional of an optional",
    "S013": "a setting without a default, or of a type that a setting cannot have",
    "S014": "an unknown setting",
    "S015": "a value that is not in its setting's domain",
    "S016": "a spec without variables, without actions, or abstract",
    "S017": "two declarations of one name",
    "S018": "a decorator that is not part of the language, or two of ours on one function",
    "S019": "a method that is not a plain function",
    "S020": "a parameter with a default, `*args`, `**kwargs`, or passed by keyword only",
    "S021": "a sort without initial value",
    "S022": "a statement that may not stand in a spec's body",
    "S023": "an override of another kind: an action replaced by a helper, say",
    "S024": "a property, action, helper or `@init` with the wrong parameters or result",
    "S025": "an annotation that cannot be evaluated",
    "S026": "an empty domain",
    "S027": "a second `@init`, or one with parameters",
    "S028": "an `@init` of something that is no variable",
    "S029": "an assumption that has no value in some state",
    "S030": "a sort has no members outside a run",
    "S031": "a member of a sort was made by hand",
    "S032": "no such spec",
    "S033": "a file with several specs, or none",
    "S034": "a file that cannot be imported",
    "S035": "Python cannot run the spec: a value of the wrong type",
    "S036": "a running spec was given an attribute that is not a variable",
    "S037": "no such action or property",
    "S038": "a model too large to unroll",
    "S039": "no initial state: what is assumed contradicts itself",
}
