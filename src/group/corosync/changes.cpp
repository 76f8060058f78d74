// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/changes.hpp"

#include <algorithm>
#include <utility>

namespace storemark::corosync_group {
namespace {

using Moved = DaemonListener::Moved;

bool is_by_ring(const DaemonListener::Processes& change) {
  return std::ranges::any_of(change.left, &Moved::by_ring) ||
         std::ranges::any_of(change.joined, &Moved::by_ring);
}

bool is_among(const std::vector<Moved>& moved, Address who) {
  return std::ranges::find(moved, who, &Moved::who) != moved.end();
}

void add(std::vector<Address>& to, const std::vector<Moved>& moved) {
  for (const Moved& one : moved) to.push_back(one.who);
}

}  // namespace

std::optional<Configuration> Changes::processes(const DaemonListener::Processes& change) {
  if (!inside_) return begin(change);
  if (is_among(change.left, self_) && !is_among(change.joined, self_)) left_ = true;
  members_ = change.members;
  if (!open_ && !is_by_ring(change)) {
    Configuration out{change.members, {}, std::nullopt, 0};
    add(out.left, change.left);
    return out;
  }
  if (!open_) open_.emplace();
  open_->members = change.members;
  add(open_->left, change.left);
  return std::nullopt;
}

/// What is told before this process is in the group is not told to it.
std::optional<Configuration> Changes::begin(const DaemonListener::Processes& change) {
  if (!is_among(change.joined, self_)) return std::nullopt;
  inside_ = true;
  members_ = change.members;
  Configuration out{change.members, {}, ring_, 0};
  if (ring_) return out;
  open_ = std::move(out);
  return std::nullopt;
}

std::optional<Configuration> Changes::ring(const RingId& ring) {
  const bool is_new = ring_ != ring;
  ring_ = ring;
  if (!inside_ || (!is_new && !open_)) return std::nullopt;
  Configuration out{members_, {}, ring, 0};
  if (open_) out = std::move(*std::exchange(open_, std::nullopt));
  out.ring = ring;
  return out;
}

}  // namespace storemark::corosync_group
