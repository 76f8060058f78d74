// SPDX-License-Identifier: Apache-2.0
// The library's values as JSON, under names that stay. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <storemark/examine.hpp>
#include <storemark/operator.hpp>
#include <string>

#include "cli/store.hpp"

namespace storemark::cli {

/// Keeps the order in which members were added: the same answer is the same text.
using Json = nlohmann::ordered_json;

[[nodiscard]] Json to_json(const Error& error);
[[nodiscard]] Json to_json(const Record& record);
/// All that was seen of a store, every slot too.
[[nodiscard]] Json to_json(const Store& store);

/// What examine prints, and what it reads back.
inline constexpr std::string_view examine_schema = "storemark.examine/1";
/// What collect prints; its stores are read back likewise.
inline constexpr std::string_view collect_schema = "storemark.collect/1";

/// A UUID, or null where it is nil.
[[nodiscard]] Json id_to_json(const Uuid& id);

/// Indented, ending in a newline; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string dump(const Json& json);

}  // namespace storemark::cli
