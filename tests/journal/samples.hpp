// SPDX-License-Identifier: Apache-2.0
// Records for tests.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <iosfwd>
#include <storemark/record.hpp>

namespace storemark::test {

/// Id number n: a well-formed version 4 UUID that shows its number at the end.
[[nodiscard]] Uuid numbered(std::uint64_t n);
template <class IdType>
IdType id(std::uint64_t n) {
  return IdType(numbered(n));
}

/// Dirty, generation 1, floor 10, ceiling 20, a view of three, nothing else of note.
[[nodiscard]] Record plain_record();
/// Every field and section set, within the bounds, and it fits.
[[nodiscard]] Record full_record();

/// Any record within the bounds of record.hpp; it need not fit in a slot.
[[nodiscard]] rc::Gen<Record> any_record();

}  // namespace storemark::test

namespace storemark {

/// So that rapidcheck prints something a person can read.
void showValue(const Record& record, std::ostream& os);

}  // namespace storemark
