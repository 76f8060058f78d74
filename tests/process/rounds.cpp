// SPDX-License-Identifier: Apache-2.0
#include "process/rounds.hpp"

#include <cstdio>
#include <cstdlib>

namespace storemark::real {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

unsigned rounds(unsigned otherwise) {
  return static_cast<unsigned>(from_environment("STOREMARK_ROUNDS", otherwise));
}

Luck::Luck() : seed_(from_environment("STOREMARK_SEED", std::random_device{}())), random_(seed_) {
  std::printf("%s\n", how_to_replay().c_str());
}

std::uint64_t Luck::below(std::uint64_t bound) { return random_() % bound; }

std::chrono::microseconds Luck::up_to(std::chrono::microseconds longest) {
  return std::chrono::microseconds(below(static_cast<std::uint64_t>(longest.count()) + 1));
}

std::string Luck::how_to_replay() const { return "STOREMARK_SEED=" + std::to_string(seed_); }

}  // namespace storemark::real
