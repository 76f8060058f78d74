// SPDX-License-Identifier: Apache-2.0
// A keeper as a contender: one turn is one durable number.
#pragma once

#include "../rounds.hpp"
#include "keeper.hpp"

namespace storemark::bench {

/// Opens it in a directory below `directory`.
[[nodiscard]] Contender contender(const Way& way, const std::filesystem::path& directory);
/// Another one, of its own.
[[nodiscard]] Contender twin(const Way& way, const std::filesystem::path& directory);

}  // namespace storemark::bench
