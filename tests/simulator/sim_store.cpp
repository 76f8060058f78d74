// SPDX-License-Identifier: Apache-2.0
#include "simulator/sim_store.hpp"

#include <algorithm>

namespace storemark::simulator {
namespace {

constexpr std::size_t kept_aside = 3;

std::uint64_t chained(std::uint64_t before, std::uint64_t n, EventId event) {
  return Random(Random(Random(before).next() ^ n).next() ^ event).next();
}

}  // namespace

EventId Content::at(std::uint64_t n) const {
  const auto found = std::ranges::lower_bound(entries, n, {}, &Entry::n);
  return found == entries.end() || found->n != n ? 0 : found->event;
}

Content SimStore::durable_content() const {
  Content out = content_;
  out.entries.resize(durable_);
  return out;
}

std::uint64_t SimStore::durable_sequence() const noexcept {
  const std::uint64_t last = durable_ == 0 ? 0 : content_.entries[durable_ - 1].n;
  return std::max(last, content_.stands_at);
}

std::uint64_t SimStore::sequence() const noexcept {
  return std::max(content_.last(), content_.stands_at);
}

bool SimStore::append(std::uint64_t n, EventId event) {
  if (n != sequence() + 1) return false;
  content_.entries.push_back({n, event, chained(content_.digest(), n, event)});
  return true;
}

std::size_t SimStore::sync() noexcept {
  const std::size_t fresh = content_.entries.size() - durable_;
  durable_ = content_.entries.size();
  return fresh;
}

void SimStore::stand_at(std::uint64_t sequence) noexcept { content_.stands_at = sequence; }

void SimStore::move_aside() {
  if (!content_.unfinished && !content_.entries.empty()) aside_.push_back(std::move(content_));
  if (aside_.size() > kept_aside) aside_.pop_front();
  wipe();
}

void SimStore::copy(const Content& donor, std::size_t entries) {
  content_.entries.assign(donor.entries.begin(),
                          donor.entries.begin() + static_cast<std::ptrdiff_t>(entries));
  content_.half = entries > 0 && entries < donor.entries.size();
  content_.unfinished = true;
  content_.stands_at = content_.half ? 0 : donor.stands_at;
  durable_ = content_.half ? 0 : entries;
}

bool SimStore::bring_back() {
  if (aside_.empty()) return false;
  content_ = std::move(aside_.back());
  aside_.pop_back();
  content_.superseded = false;
  durable_ = content_.entries.size();
  return true;
}

void SimStore::wipe() {
  content_ = {};
  durable_ = 0;
}

void SimStore::power_cut(Random& random) {
  const std::size_t lost = random.below(content_.entries.size() - durable_ + 1);
  content_.entries.resize(content_.entries.size() - lost);
  content_.half = content_.half && !content_.entries.empty();
}

}  // namespace storemark::simulator
