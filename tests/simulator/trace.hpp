// SPDX-License-Identifier: Apache-2.0
// The last steps of a simulation, in words. Off unless a seed is replayed: words cost time.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

namespace storemark::simulator {

class Trace {
 public:
  explicit Trace(std::size_t kept) : kept_(kept) {}

  [[nodiscard]] bool on() const noexcept { return kept_ > 0; }
  void at(std::uint64_t step) noexcept { step_ = step; }
  template <class... Parts>
  void say(const Parts&... parts) {
    if (!on()) return;
    std::string line = std::to_string(step_) + " ";
    ((line += word(parts)), ...);
    lines_.push_back(std::move(line));
    if (lines_.size() > kept_) lines_.pop_front();
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const std::string& line : lines_) out += line + "\n";
    return out;
  }

 private:
  static std::string word(const std::string& text) { return text; }
  static std::string word(const char* text) { return text; }
  static std::string word(std::string_view text) { return std::string(text); }
  static std::string word(std::uint64_t number) { return std::to_string(number); }

  std::size_t kept_;
  std::uint64_t step_ = 0;
  std::deque<std::string> lines_;
};

}  // namespace storemark::simulator
