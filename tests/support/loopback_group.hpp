// SPDX-License-Identifier: Apache-2.0
// A group within one process, for tests: total order and views as the real ones keep them, any
// number of nodes in any threads, and the faults of a network on demand.
#pragma once

#include <functional>
#include <memory>
#include <storemark/group.hpp>
#include <string>
#include <vector>

namespace storemark::test {

class LoopbackHub {
 public:
  explicit LoopbackHub(std::size_t queue_bytes = std::size_t{4} << 20);
  ~LoopbackHub();
  LoopbackHub(const LoopbackHub&) = delete;
  LoopbackHub& operator=(const LoopbackHub&) = delete;

  /// A new node, beside those of the part that was joined first. The group outlives the hub.
  [[nodiscard]] std::unique_ptr<Group> join(const std::string& name);

  /// The node that joined last under this name has lost its connection; the others see it die.
  void lose(const std::string& name);
  /// These form a part of their own; both parts see the others die.
  void split_off(const std::vector<std::string>& names);
  /// What this node and the others send does not pass between them any more; nobody is told yet.
  void slip(const std::string& name);
  /// So many votes are configured: each new view knows of its quorum. 0: none are.
  void configure_votes(std::size_t votes);
  /// All are one part again.
  void heal();
  /// How many nodes have said something in the latest view of this one that it has not taken yet.
  [[nodiscard]] std::size_t heard_of(const std::string& name) const;
  /// While it holds, nobody's message is accepted, as with a full queue.
  void hold();
  void let_go();

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace storemark::test
