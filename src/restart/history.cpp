// SPDX-License-Identifier: Apache-2.0
// Where two stores stand to each other, by the views that they lived through.
#include "restart/history.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace storemark {
namespace {

using restart::Life;

Comparison parted(const Life& a, std::size_t at_a, const Life& b, std::size_t at_b) {
  Comparison out;
  out.relation = Relation::diverged;
  out.fork_view = a.view(at_a);
  out.fork_sequence = std::min(a.surely_until(at_a), b.surely_until(at_b));
  return out;
}

/// `a` was last in the view that stands at `at` in b's life.
Comparison last_in(const Life& a, const Life& b, std::size_t at) {
  Comparison out;
  const std::uint64_t until = b.surely_until(at);
  if (a.ceiling() <= until) {
    const bool same = b.is_last(at) && a.floor() == b.floor() && a.ceiling() == b.ceiling();
    out.relation = same ? Relation::equal : Relation::ancestor;
    out.proven = true;
    return out;
  }
  out.beyond = a.ceiling() - until;
  if (a.floor() <= until) {
    // In one view, both uncertain: the one whose range is as high in everything has no less.
    const bool same_range = b.is_last(at) && a.floor() == b.floor() && a.ceiling() == b.ceiling();
    out.relation = same_range ? Relation::equal : Relation::ancestor;
    return out;
  }
  if (b.is_last(at)) {
    out.relation = Relation::ahead;
    return out;
  }
  return parted(a, a.last(), b, at);
}

}  // namespace

namespace restart {
namespace {

std::uint64_t key_of(const ViewId& view) {
  std::uint64_t key = 0;
  std::memcpy(&key, view.bytes.data() + 8, sizeof(key));
  // The bytes of an id that was derived are random; of any other, any of them may differ.
  std::uint64_t front = 0;
  std::memcpy(&front, view.bytes.data(), sizeof(front));
  return (key ^ front) * 0x9E3779B97F4A7C15U;
}

// The highest bits choose the word, the next the bit.
std::size_t word_of(std::uint64_t key) { return key >> 61U; }
std::uint64_t bit_of(std::uint64_t key) { return std::uint64_t{1} << ((key >> 55U) & 63U); }

}  // namespace

Life::Life(const Announcement& member)
    : history_(member.history),
      floor_(member.floor),
      ceiling_(member.ceiling),
      folded_(member.folded > 0) {
  // A view in which nothing was applied is no part of the position; of a lower bound nobody knows.
  const bool known = member.certainty != Certainty::at_least;
  size_ = history_.size();
  while (known && size_ > 1 && history_[size_ - 1].from >= ceiling_) --size_;
  for (std::size_t i = 0; i < std::min(size_, keys_.size()); ++i) {
    keys_[i] = key_of(history_[i].view);
    keys_seen_[word_of(keys_[i])] |= bit_of(keys_[i]);
  }
}

std::optional<std::size_t> Life::find(const Life& other, std::size_t at) const {
  const ViewId& view = other.view(at);
  for (std::size_t i = size_; i > keys_.size(); --i) {
    if (history_[i - 1].view == view) return i - 1;
  }
  const std::uint64_t key = at < other.keys_.size() ? other.keys_[at] : key_of(view);
  if ((keys_seen_[word_of(key)] & bit_of(key)) == 0) return std::nullopt;
  for (std::size_t i = std::min(size_, keys_.size()); i > 0; --i) {
    if (keys_[i - 1] == key && history_[i - 1].view == view) return i - 1;
  }
  return std::nullopt;
}

std::uint64_t Life::surely_until(std::size_t at) const {
  return is_last(at) ? floor_ : history_[at + 1].from;
}

}  // namespace restart

namespace {

Comparison compare_lives(const Announcement& a, const Announcement& b) {
  const Life first(a);
  const Life second(b);
  if (first.ceiling() == 0) {
    Comparison out;
    out.relation = second.ceiling() == 0 ? Relation::equal : Relation::ancestor;
    out.proven = true;
    return out;
  }
  if (first.is_empty() || second.is_empty()) {
    Comparison out;
    if (second.ceiling() == 0) {
      out.relation = Relation::ahead;
      out.beyond = first.ceiling();
    }
    return out;
  }
  if (const auto at = second.find(first, first.last())) return last_in(first, second, *at);
  // Not the other way round: then the second may be the one that is behind.
  if (const auto at = first.find(second, second.last())) {
    const Comparison back = last_in(second, first, *at);
    if (back.relation == Relation::diverged) return parted(first, *at, second, second.last());
    Comparison out;
    out.relation = Relation::ahead;
    out.beyond = first.ceiling() - std::min(first.ceiling(), second.floor());
    return out;
  }
  for (std::size_t i = first.size(); i > 0; --i) {
    if (const auto at = second.find(first, i - 1)) return parted(first, i - 1, second, *at);
  }
  if (first.is_folded() || second.is_folded()) return {};
  Comparison out;  // whole lives, and not one view in common
  out.relation = Relation::diverged;
  return out;
}

}  // namespace

Comparison compare(const Announcement& a, const Announcement& b) {
  Comparison out = compare_lives(a, b);
  // The medium has lost something: its ceiling is none.
  out.unbounded = a.certainty == Certainty::at_least;
  out.proven = out.proven && !out.unbounded;
  return out;
}

ViewId derive_view(const ViewId& before, std::span<const Incarnation> incarnations) {
  std::vector<Incarnation> sorted(incarnations.begin(), incarnations.end());
  std::ranges::sort(sorted);
  std::vector<std::uint8_t> bytes(before.bytes.begin(), before.bytes.end());
  for (const Incarnation& one : sorted) {
    bytes.insert(bytes.end(), one.bytes.begin(), one.bytes.end());
  }
  constexpr XXH64_hash_t seed = 0x77656976;  // "view"
  XXH128_canonical_t digest;
  XXH128_canonicalFromHash(&digest, XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
  Uuid out;
  static_assert(sizeof(digest.digest) == sizeof(out.bytes));
  std::memcpy(out.bytes.data(), digest.digest, sizeof(digest.digest));
  // As RFC 9562 wants a custom UUID to be marked: version 8.
  out.bytes[6] = static_cast<std::uint8_t>((out.bytes[6] & 0x0F) | 0x80);
  out.bytes[8] = static_cast<std::uint8_t>((out.bytes[8] & 0x3F) | 0x80);
  return ViewId(out);
}

}  // namespace storemark
