// SPDX-License-Identifier: Apache-2.0
// Nodes of a local group in this process and in children, and what they have seen.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <storemark/local_group.hpp>

#include "journal_api/real_store.hpp"

namespace storemark::local_group {

using real::fails;
using real::must;
using real::ok;

/// What a node was told, in order.
class Seen : public GroupListener {
 public:
  void view_changed(const GroupView& view) override;
  void delivered(GroupNode from, std::span<const std::uint8_t> message) override;

  /// "v:ID" and "NODE:TEXT".
  std::vector<std::string> all;
  std::vector<GroupView> views;
  std::vector<std::string> messages;  ///< the texts alone
};

/// One node, with what it saw.
class Node {
 public:
  explicit Node(const LocalGroupOptions& options) : group(must(join_local_group(options))) {}

  /// Waits for something, and takes it. False: nothing came in a minute.
  bool take();
  /// Takes until it holds. False: it did not for a minute.
  bool until(const std::function<bool()>& holds);
  bool until_messages(std::size_t count);
  bool until_nodes(std::size_t count);
  /// Sends, taking what comes while there is no room.
  void send(std::string_view text);

  std::unique_ptr<Group> group;
  Seen seen;
  bool lost = false;
};

[[nodiscard]] std::span<const std::uint8_t> bytes_of(std::string_view text);

class GroupTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path place() const { return root_.path() / "group"; }
  [[nodiscard]] LocalGroupOptions options(std::string name = {}) const;
  [[nodiscard]] std::unique_ptr<Node> join(std::string name = {}) const;
  /// Both saw the same from where the later began.
  [[nodiscard]] static testing::AssertionResult agree(const Seen& a, const Seen& b);

  real::TempDirectory root_;
};

}  // namespace storemark::local_group
