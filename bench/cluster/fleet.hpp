// SPDX-License-Identifier: Apache-2.0
// A cluster of processes, each a member.
#pragma once

#include <functional>
#include <memory>

#include "process.hpp"

namespace storemark::bench {

/// The command that is the member of this number, from 0, with its store in `directory`.
using MemberCommand =
    std::function<Command(std::size_t member, const std::string& directory, std::size_t of)>;

class Fleet {
 public:
  using Times = std::vector<std::int64_t>;

  /// Nobody runs yet; stores are made in `directory`.
  Fleet(std::string directory, std::size_t size, MemberCommand command);

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  void start_all();
  /// Member 0 is in the group before the others come, so that it leads.
  void start_led();
  [[nodiscard]] Process& process(std::size_t member) { return *members_[member]; }
  /// Waits until each of them that runs may publish in a view of so many; when the last did.
  std::int64_t await(std::size_t members);
  /// The administrative shutdown of all that run, to the end of the processes.
  void shut_down();
  void kill(std::size_t member);

 private:
  void start(std::size_t member);
  std::int64_t await_word(std::size_t member, const std::string& word);

  std::string directory_;
  MemberCommand command_;
  std::vector<std::unique_ptr<Process>> members_;
};

}  // namespace storemark::bench
