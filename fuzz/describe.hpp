// SPDX-License-Identifier: Apache-2.0
// A broken case in words, for whoever has to find out why.
#pragma once

#include <storemark/examine.hpp>
#include <string>

#include "journal/recovery.hpp"

namespace storemark::fuzz {

[[nodiscard]] std::string describe(const StoreFacts& facts);
[[nodiscard]] std::string describe(const recovery::Evidence& evidence);
[[nodiscard]] std::string describe(const Verdict& verdict);

}  // namespace storemark::fuzz
