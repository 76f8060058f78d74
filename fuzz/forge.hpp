// SPDX-License-Identifier: Apache-2.0
// Checksums set right over bytes that no storemark would write, so that what stands behind them is
// reached.
#pragma once

#include "journal/codec.hpp"

namespace storemark::fuzz {

/// Magic, envelope check, body hash and the seal for `place`.
void forge(codec::SlotBytes block, std::size_t place);

/// The body hash and the seal for `place` alone: a damaged envelope stays damaged.
void forge_body(codec::SlotBytes block, std::size_t place);

}  // namespace storemark::fuzz
