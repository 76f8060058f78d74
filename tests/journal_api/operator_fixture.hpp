// SPDX-License-Identifier: Apache-2.0
// The operator's word on a real store: what it leaves beside the journal.
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "journal_api/real_store.hpp"

namespace storemark::real {

class OperatorTest : public RealStoreTest {
 protected:
  [[nodiscard]] static MarkRequest mark(std::uint64_t if_sequence) {
    return {if_sequence, "the newest of three", "operator@host", {}, false};
  }
  [[nodiscard]] static WordRequest word(std::uint64_t if_sequence) {
    return {if_sequence, "behind the others", "operator@host"};
  }
  [[nodiscard]] AdoptRequest adoption(std::uint64_t sequence) const {
    return {cluster(), sequence, "its journal was lost", "operator@host"};
  }

  [[nodiscard]] Result<WordGiven> give_mark(const MarkRequest& request) const {
    return mark_clean(directory(), request);
  }

  /// The audit log, each line parsed: throws where one is not JSON.
  [[nodiscard]] std::vector<nlohmann::json> audit() const {
    std::istringstream lines(bytes_of(directory() / "storemark.audit"));
    std::vector<nlohmann::json> out;
    for (std::string line; std::getline(lines, line);) out.push_back(nlohmann::json::parse(line));
    return out;
  }

  /// Four slots wrong: more than a crash explains.
  void leave_unproven(std::uint64_t sequence) const {
    { const Live live = activated({}, sequence); }
    for (const std::size_t slot : {0, 1, 3, 5}) flip_bit(slot);
  }

  /// The same but for what every record has of its own.
  static void expect_same_store(Record a, const Record& b) {
    a.generation = b.generation;
    a.parent = b.parent;
    a.incarnation = b.incarnation;
    a.wall_clock = b.wall_clock;
    EXPECT_EQ(a, b);
  }
};

}  // namespace storemark::real
