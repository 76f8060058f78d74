// SPDX-License-Identifier: Apache-2.0
// The words that reserve() and note() touch, in memory only, from any thread. They live in a page
// that a forked child sees as zeros, so that there the gate is shut without a system call.
#pragma once

#include <algorithm>
#include <storemark/gate_words.hpp>

namespace storemark {

class Gate {
 public:
  Gate();
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// Lets sequences up to the ceiling through, for the holder of a new permit. Returns its number.
  std::uint64_t open(std::uint64_t floor, std::uint64_t ceiling) noexcept;
  /// From here on nothing passes.
  void shut() noexcept;
  /// A permit that opens no gate. Returns its number.
  std::uint64_t next_permit() noexcept { return words_->permit.fetch_add(1) + 1; }
  /// The number of the permit that counts.
  [[nodiscard]] std::uint64_t permit() const noexcept { return words_->permit.load(); }
  /// A write became durable. Does not open a gate that was shut.
  void advance(std::uint64_t floor, std::uint64_t ceiling) noexcept;

  [[nodiscard]] bool lets_through(std::uint64_t n) const noexcept {
    return n < words_->limit.load(std::memory_order_acquire);
  }
  [[nodiscard]] bool is_open() const noexcept { return words_->limit.load() != 0; }
  [[nodiscard]] bool is_open_for(std::uint64_t permit) const noexcept {
    return is_open() && words_->permit.load() == permit;
  }
  void note(std::uint64_t n) noexcept { detail::raise(words_->noted_here(), n); }
  void want_ceiling(std::uint64_t n) noexcept { detail::raise(words_->wanted, n); }

  [[nodiscard]] std::uint64_t noted() const noexcept;
  [[nodiscard]] std::uint64_t wanted() const noexcept { return words_->wanted.load(); }
  [[nodiscard]] std::uint64_t durable_floor() const noexcept { return words_->floor.load(); }
  [[nodiscard]] std::uint64_t durable_ceiling() const noexcept {
    return std::max<std::uint64_t>(words_->limit.load(), 1) - 1;
  }
  /// For the permit's inline calls.
  [[nodiscard]] detail::GateWords* words() noexcept { return words_; }

  /// Whether this is the process that made the gate.
  [[nodiscard]] bool in_own_process() const noexcept;

 private:
  detail::GateWords* words_;
  int process_;
  bool wiped_on_fork_;
};

}  // namespace storemark
