// SPDX-License-Identifier: Apache-2.0
#include "fleet.hpp"

#include <algorithm>
#include <filesystem>

#include "member.hpp"

namespace storemark::bench {

Fleet::Fleet(std::string directory, std::size_t size, MemberCommand command)
    : directory_(std::move(directory)), command_(std::move(command)), members_(size) {
  for (std::size_t i = 0; i < size; ++i) {
    std::filesystem::create_directories(directory_ + "/" + std::to_string(i));
  }
}

void Fleet::start(std::size_t member) {
  members_[member] = std::make_unique<Process>(
      command_(member, directory_ + "/" + std::to_string(member), size()));
}

void Fleet::start_all() {
  for (std::size_t i = 0; i < size(); ++i) start(i);
}

void Fleet::start_led() {
  start(0);
  static_cast<void>(await_word(0, "joined"));
  for (std::size_t i = 1; i < size(); ++i) start(i);
}

std::int64_t Fleet::await_word(std::size_t member, const std::string& word) {
  const std::string beginning = word + " ";
  std::string said;
  do {
    said = members_[member]->line();
  } while (!said.starts_with(beginning));
  return std::stoll(said.substr(beginning.size()));
}

std::int64_t Fleet::await(std::size_t members) {
  std::int64_t last = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (members_[i]) last = std::max(last, await_word(i, "view " + std::to_string(members)));
  }
  return last;
}

void Fleet::shut_down() {
  const auto first = std::ranges::find_if(members_, [](const auto& one) { return one != nullptr; });
  (*first)->tell("shutdown");
  for (std::size_t i = 0; i < size(); ++i) {
    if (members_[i]) static_cast<void>(await_word(i, "stopped"));
  }
  for (auto& one : members_) {
    if (one) one->join();
    one.reset();
  }
}

void Fleet::kill(std::size_t member) { members_[member].reset(); }

}  // namespace storemark::bench
