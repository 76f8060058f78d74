// SPDX-License-Identifier: Apache-2.0
// The language of the damage table: six words, one for each slot, and what the store is known to
// hold; told back as one line.
//
//   new   the newest record                 trn   torn: its first sector is the newest record's
//   one   the record before it              rot   rotten: the newest record, one bit flipped
//   two   and the one before that           zer   zero
//   thr   and that one's                    bad   malformed: its checks hold, its fields lie
//   far   of this journal, long ago         mis   the newest record, written for another slot
//   cln   the record before it, and clean   mnw   a newer record, written for another slot
//   frk   another record of the newest      mcl   a newer one that says clean, likewise
//         generation                        for   a record of another journal
//   fcl   likewise, and it says clean       fut   written by a newer storemark
//                                           dev   the device will not read it
#pragma once

#include <storemark/examine.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "journal/blocks.hpp"
#include "journal/recovery.hpp"
#include "support/reference_reader.hpp"

namespace storemark::test {

/// What the newest record says: "dirty" (floor and ceiling 50), "between" (dirty, 50 to 60),
/// "clean", "tagged" (clean, with the tag "good"), "marked" (clean by an operator at 50, held 45),
/// "updating", "empty" (0), "fresh" (dirty, counted nothing yet), "unproven" (dirty).
class Damage {
 public:
  /// `anchors` are words too, three of them: "own" (the default), "for", "zer".
  Damage(std::string_view newest, std::string_view slots, std::string_view anchors = "own own own");

  [[nodiscard]] const Bytes& file() const { return file_; }
  [[nodiscard]] bool readable() const;
  [[nodiscard]] recovery::Evidence evidence() const;

 private:
  void put(std::size_t place, std::string_view word);
  [[nodiscard]] Record base() const;
  [[nodiscard]] Record record(std::string_view word) const;
  [[nodiscard]] BodyHash hash_of(std::string_view word) const;

  std::string newest_;
  std::vector<std::string> words_;
  Bytes file_;
};

/// "unknown", "nothing", "data", "data=N" (it holds N events), with "+good" or "+other" for its
/// tag.
[[nodiscard]] StoreFacts facts(std::string_view text);

/// "dirty 50..60 between 2 copies": state or diagnosis, floor and ceiling, certainty, the number of
/// faults to be wrong, the healing that is due; for a diagnosis without a record its name alone.
/// "by-tag" and "if-tag" follow where they hold.
[[nodiscard]] std::string told(const recovery::Reading& reading);

/// What the library's verdict and the reference's answer must agree on, and its spelling.
[[nodiscard]] reference::Answer answer_in(const Verdict& verdict);
[[nodiscard]] std::string told(const reference::Answer& answer);

}  // namespace storemark::test
