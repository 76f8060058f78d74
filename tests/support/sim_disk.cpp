// SPDX-License-Identifier: Apache-2.0
#include "support/sim_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace storemark::sim {
namespace {

SharedBlock zero_block() {
  static const SharedBlock zeros = std::make_shared<const Block>();
  return zeros;
}

const std::byte garbage_byte{0xA5};

/// The block that a cut leaves: sectors of the old and the new, and garbage.
SharedBlock mix(const Block& before, const Block& after, std::uint64_t block,
                const std::function<Fate(std::uint64_t, std::size_t)>& choose) {
  auto out = std::make_shared<Block>(before);
  for (std::size_t sector = 0; sector < block_bytes / sector_bytes; ++sector) {
    std::byte* to = out->data() + sector * sector_bytes;
    switch (choose(block, sector)) {
      case Fate::dropped:
        break;
      case Fate::kept:
        std::memcpy(to, after.data() + sector * sector_bytes, sector_bytes);
        break;
      case Fate::garbage:
        std::fill(to, to + sector_bytes, garbage_byte);
        break;
    }
  }
  return out;
}

}  // namespace

Disk::Disk(const Disk& other) { *this = other; }

Disk& Disk::operator=(const Disk& other) {
  if (this == &other) return *this;
  inodes_.clear();
  for (const auto& inode : other.inodes_) inodes_.push_back(std::make_shared<Inode>(*inode));
  names_ = other.names_;
  durable_names_ = other.durable_names_;
  pending_names_ = other.pending_names_;
  faults_ = other.faults_;
  broken_ = other.broken_;
  forgetful_ = other.forgetful_;
  unreadable_ = other.unreadable_;
  calls_ = other.calls_;
  writes_ = other.writes_;
  flushes_ = other.flushes_;
  dead_ = other.dead_;
  locks = other.locks;
  on_write = other.on_write;
  on_read = other.on_read;
  return *this;
}

std::size_t Disk::make_inode() {
  inodes_.push_back(std::make_shared<Inode>());
  return inodes_.size() - 1;
}

Disk::Called Disk::enter() {
  Called out;
  const std::uint64_t call = calls_++;
  if (dead_) {
    out.go = false;
    return out;
  }
  const auto found = faults_.find(call);
  if (found == faults_.end()) return out;
  out.fault = found->second;
  if (out.fault->kind == CallFault::Kind::crash) {
    if (out.fault->when == When::before) {
      dead_ = true;
      out.go = false;
    }
    out.crash_inside = out.fault->when == When::inside;
    out.crash_after = out.fault->when == When::after;
    out.fault.reset();
  }
  return out;
}

void Disk::settle(Inode& inode, std::uint64_t block, SharedBlock data) {
  // A new file's zeros are what is there already: nothing to remember.
  if (!inode.medium.contains(block) && *data == *zero_block()) return;
  auto& now = inode.medium[block];
  auto& past = inode.past[block];
  if (past.empty()) past.push_back(now ? now : zero_block());
  now = std::move(data);
  past.push_back(now);
}

void Disk::flush(std::size_t id) {
  ++flushes_;
  Inode& node = inode(id);
  for (Pending& write : node.pending) settle(node, write.block, std::move(write.data));
  node.pending.clear();
  node.durable_size = node.size;
}

SharedBlock Disk::visible(const Inode& node, std::uint64_t block) const {
  for (auto it = node.pending.rbegin(); it != node.pending.rend(); ++it) {
    if (it->block == block) return it->data;
  }
  const auto found = node.medium.find(block);
  return found == node.medium.end() || !found->second ? zero_block() : found->second;
}

void Disk::read(std::size_t id, std::uint64_t block, std::span<std::byte> into) const {
  std::memcpy(into.data(), visible(inode(id), block)->data(), block_bytes);
}

void Disk::kill_process() {
  locks.clear();
  dead_ = false;
  faults_.clear();
}

void Disk::power_cut(const std::function<Fate(std::uint64_t, std::size_t)>& choose,
                     std::size_t names_kept) {
  kill_process();
  for (const auto& node : inodes_) {
    for (const Pending& write : node->pending) {
      const auto found = node->medium.find(write.block);
      const SharedBlock before =
          found == node->medium.end() || !found->second ? zero_block() : found->second;
      settle(*node, write.block, mix(*before, *write.data, write.block, choose));
    }
    node->pending.clear();
  }
  for (std::size_t i = 0; i < std::min(names_kept, pending_names_.size()); ++i) {
    apply(pending_names_[i], durable_names_);
  }
  pending_names_.clear();
  names_ = durable_names_;
}

std::size_t Disk::pending_blocks() const {
  std::size_t count = 0;
  for (const auto& node : inodes_) count += node->pending.size();
  return count;
}

std::vector<Disk::InFlight> Disk::in_flight() const {
  std::vector<InFlight> out;
  for (const auto& node : inodes_) {
    for (const Pending& write : node->pending) {
      const auto found = node->medium.find(write.block);
      out.push_back({write.block,
                     found == node->medium.end() || !found->second ? zero_block() : found->second,
                     write.data});
    }
  }
  return out;
}

void Disk::put_block(std::uint64_t block, const Block& data) {
  settle(inode(names_.at(journal())), block, std::make_shared<const Block>(data));
}

Block Disk::visible_block(std::uint64_t block) const {
  return *visible(inode(names_.at(journal())), block);
}

Block Disk::medium_block(std::uint64_t block) const {
  const Inode& node = inode(names_.at(journal()));
  const auto found = node.medium.find(block);
  return found == node.medium.end() || !found->second ? Block{} : *found->second;
}

std::vector<SharedBlock> Disk::past_of(std::uint64_t block) const {
  const Inode& node = inode(names_.at(journal()));
  const auto found = node.past.find(block);
  return found == node.past.end() ? std::vector<SharedBlock>{} : found->second;
}

void Disk::forget_past() {
  for (const auto& inode : inodes_) inode->past.clear();
}

bool Disk::has_durable_journal() const { return durable_names_.contains(journal()); }

void Disk::remove_journal() {
  names_.erase(journal());
  durable_names_.erase(journal());
}

void Disk::resize(std::uint64_t bytes) {
  Inode& node = inode(names_.at(journal()));
  node.size = node.durable_size = bytes;
}

void Disk::apply(const NameChange& change, std::map<std::string, std::size_t>& names) {
  if (change.inode) names[change.name] = *change.inode;
  if (change.other_inode) names[change.other_name] = *change.other_inode;
}

void Disk::change_names(NameChange change) {
  apply(change, names_);
  pending_names_.push_back(std::move(change));
}

void Disk::sync_names() {
  for (const NameChange& change : pending_names_) apply(change, durable_names_);
  pending_names_.clear();
}

std::optional<std::size_t> Disk::lookup(const std::string& name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

}  // namespace storemark::sim
