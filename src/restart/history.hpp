// SPDX-License-Identifier: Apache-2.0
// The views that a store has lived through, without those at the end in which nothing was applied.
#pragma once

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
  [[nodiscard]] std::optional<std::size_t> find(const ViewId& view) const;
  /// It was in the view at `at` at least up to this sequence.
  [[nodiscard]] std::uint64_t surely_until(std::size_t at) const;

  [[nodiscard]] std::uint64_t floor() const noexcept { return floor_; }
  [[nodiscard]] std::uint64_t ceiling() const noexcept { return ceiling_; }
  /// Older views are forgotten: what is not here may have been.
  [[nodiscard]] bool is_folded() const noexcept { return folded_; }

 private:
  std::span<const HistoryEntry> history_;
  std::size_t size_ = 0;
  std::uint64_t floor_;
  std::uint64_t ceiling_;
  bool folded_;
};

}  // namespace storemark::restart
