// SPDX-License-Identifier: Apache-2.0
// Reads JSON that somebody else wrote: in bounded time and memory, whatever it is.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace storemark::cli {

inline constexpr std::size_t most_json_depth = 64;
inline constexpr std::size_t most_json_values = 2'000'000;
inline constexpr std::size_t most_json_fields = 1000;  ///< of one object

/// Throws std::invalid_argument where it is no JSON, or more than the bounds above.
[[nodiscard]] nlohmann::ordered_json parse_bounded(std::string_view text);

/// A whole number from 0 to `most`; anything else, a negative or broken one too, throws
/// std::invalid_argument. nlohmann's own conversion would make a number of it.
[[nodiscard]] std::uint64_t whole_number(const nlohmann::ordered_json& json,
                                         std::uint64_t most = UINT64_MAX);

}  // namespace storemark::cli
