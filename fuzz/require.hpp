// SPDX-License-Identifier: Apache-2.0
// What must hold, and what is told of the case in which it does not.
#pragma once

#include <storemark/examine.hpp>
#include <string_view>

#include "journal/recovery.hpp"

namespace storemark::fuzz {

/// Unless it holds: prints it and the case at hand, and aborts, which is how a fuzzing engine is
/// told.
void require(bool holds, std::string_view what);

/// That both say the same of the store.
void require_same(const Verdict& now, const Verdict& before, std::string_view what);

/// While it lives, this is the case at hand.
class AtHand {
 public:
  AtHand(const recovery::Evidence& evidence, const StoreFacts& facts);
  ~AtHand();
  AtHand(const AtHand&) = delete;
  AtHand& operator=(const AtHand&) = delete;
};

}  // namespace storemark::fuzz
