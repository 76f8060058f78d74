// SPDX-License-Identifier: Apache-2.0
// Stores as values, for what never looks at a file.
#pragma once

#include <storemark/examine.hpp>
#include <string>

#include "cli/store.hpp"

namespace storemark::cli_test {

/// Ids that read well: the number in the last byte and the first.
[[nodiscard]] Uuid id(std::uint8_t n);

/// A whole journal in the cluster id(1), view id(9), of the member that the name's last letter
/// makes: six copies of one record.
[[nodiscard]] cli::Store store(const std::string& name, StoreState state, std::uint64_t floor,
                               std::uint64_t ceiling);
[[nodiscard]] inline cli::Store dirty(const std::string& name, std::uint64_t n) {
  return store(name, StoreState::dirty, n, n);
}
[[nodiscard]] cli::Store clean(const std::string& name, std::uint64_t n);
/// There, but with this diagnosis and no record.
[[nodiscard]] cli::Store diagnosed(const std::string& name, Diagnosis diagnosis);
[[nodiscard]] cli::Store missing(const std::string& name);

/// Changes the newest record, in every slot.
template <class Change>
cli::Store with(cli::Store store, Change change) {
  change(*store.seen->verdict.record);
  for (SlotReport& slot : store.seen->slots) change(*slot.record);
  return store;
}

/// Whether it says so.
[[nodiscard]] inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void spoil(cli::Store& store, unsigned slot, SlotHealth health = SlotHealth::invalid);

}  // namespace storemark::cli_test
