# SPDX-License-Identifier: Apache-2.0
"""One guard, and how it is taken out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    guard: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
