// SPDX-License-Identifier: Apache-2.0
// What must hold of any image and any facts, and what the slow reference says of the same.
#pragma once

#include <vector>

#include "image.hpp"
#include "journal/recovery.hpp"

namespace storemark::fuzz {

/// As the journal reads it.
[[nodiscard]] recovery::Evidence evidence_of(const Image& image);

/// What a caller may say of the store, chosen where it matters to this evidence: nothing, empty, at
/// the floor, at the ceiling, one beyond, one short of it, with the right tag and a wrong one.
[[nodiscard]] std::vector<StoreFacts> facts_that_matter(const recovery::Evidence& evidence);

/// What one reading must satisfy.
void check_reading(const recovery::Evidence& evidence, const StoreFacts& facts);

/// That it is the reference's reading, too, where all blocks can be read. Slow.
void check_against_reference(const Image& image, const recovery::Evidence& evidence,
                             const StoreFacts& facts);

/// A block that decodes is encoded again, and decodes to the same record.
void check_round_trip(const recovery::Evidence& evidence);

/// Opens it for writing: the answer is the reading's; a second open gives it again and writes
/// nothing; so does one after a healing that was stopped after `writes` writes, `torn_at` bytes
/// into the next.
void check_open(const Image& image, const StoreFacts& facts, unsigned writes, std::size_t torn_at);

}  // namespace storemark::fuzz
