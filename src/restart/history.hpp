// SPDX-License-Identifier: Apache-2.0
// The views that a store has lived through, without those at the end in which nothing was applied.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <storemark/restart.hpp>

namespace storemark::restart {

/// A look at an announcement, which must outlive it.
class Life {
 public:
  explicit Life(const Announcement& member);

  [[nodiscard]] bool is_empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t last() const noexcept { return size_ - 1; }
  [[nodiscard]] bool is_last(std::size_t at) const noexcept { return at + 1 == size_; }
  [[nodiscard]] const ViewId& view(std::size_t at) const { return history_[at].view; }
  /// Where it was in the view that stands at `at` in another life.
  [[nodiscard]] std::optional<std::size_t> find(const Life& other, std::size_t at) const;
  /// It was in the view at `at` at least up to this sequence.
  [[nodiscard]] std::uint64_t surely_until(std::size_t at) const;

  [[nodiscard]] std::uint64_t floor() const noexcept { return floor_; }
  [[nodiscard]] std::uint64_t ceiling() const noexcept { return ceiling_; }
  /// Older views are forgotten: what is not here may have been.
  [[nodiscard]] bool is_folded() const noexcept { return folded_; }

 private:
  std::span<const HistoryEntry> history_;
  // A few bytes of each view, to look at before all of it: a decision compares thousands of pairs.
  std::array<std::uint64_t, max_history> keys_;
  std::array<std::uint64_t, 8> keys_seen_{};  // one bit for each key
  std::size_t size_ = 0;
  std::uint64_t floor_;
  std::uint64_t ceiling_;
  bool folded_;
};

}  // namespace storemark::restart
