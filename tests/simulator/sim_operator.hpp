// SPDX-License-Identifier: Apache-2.0
// The person who is called when a cluster does not start: looks at the journals of the hosts that
// are down, asks the rules, and gives the words that the tool would. Also the one who gives wrong
// ones. Every word is told to the oracle, since it covers a loss.
#pragma once

#include <string>

#include "simulator/host.hpp"

namespace storemark::simulator {

class SimOperator {
 public:
  explicit SimOperator(Ground& ground) : ground_(ground) {}

  /// Does what the rules ask for, rightly, where no member is active. All hosts are down. False:
  /// there was nothing to do but to start them.
  bool settle_forming();
  /// A host that the active cluster refused, or that does not start; it is down.
  void settle_refused(Host& host);
  /// Some word on some host that is down, for no good reason.
  void blunder();

  [[nodiscard]] std::uint64_t words() const noexcept { return words_; }
  /// The last decision, for people.
  [[nodiscard]] const std::string& seen() const noexcept { return seen_; }

 private:
  struct Seen {
    Host* host = nullptr;
    Announcement said;
  };
  using Stores = std::vector<Seen>;

  [[nodiscard]] Stores look();
  [[nodiscard]] std::optional<Announcement> look_at(Host& host);
  void mark(const Seen& chosen, const Stores& compared);
  bool discard(Host& host);
  bool undo(Host& host);
  void adopt_or_wipe(Host& host);
  bool choose(const Stores& stores);
  bool settle_clusters(const Stores& stores);
  bool settle_clean(const Stores& stores);
  bool settle_twins(const Stores& stores);
  bool settle_sourceless(const Stores& stores);
  [[nodiscard]] bool write(Host& host, Core& core, Record next, const Record& before);

  Ground& ground_;
  std::uint64_t words_ = 0;
  std::string seen_;
};

}  // namespace storemark::simulator
