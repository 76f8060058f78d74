// SPDX-License-Identifier: Apache-2.0
// Whole clusters of drivers in one process: real journals in a temporary directory, a group that is
// looped back, small brokers.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>

#include "driver/small_broker.hpp"
#include "driver/start.hpp"
#include "journal_api/real_store.hpp"
#include "support/loopback_group.hpp"

namespace storemark::test {

/// A member: what lives on while its broker and driver come and go.
struct Node {
  std::string name;
  DriverOptions options;
  SmallStore disk;
  std::unique_ptr<SmallBroker> broker;
  std::unique_ptr<Driver> driver;
};

class ClusterTest : public testing::Test {
 protected:
  ClusterTest() = default;
  ~ClusterTest() override;

  /// A member that is not started yet; it waits for `wait_for`.
  Node& node(const std::string& name, std::uint32_t wait_for = 1);
  /// A new broker and driver for it.
  void start(Node& node);
  [[nodiscard]] Result<void> try_start(Node& node);
  /// Founds and starts these, each waiting for all, and waits until they are active.
  void found(const std::vector<std::string>& names);
  void start_all();
  [[nodiscard]] bool all_ready();
  void publish(Node& node, std::uint64_t token, const std::string& event);
  /// Publishes and waits until it is confirmed.
  void publish_and_wait(Node& node, std::uint64_t token, const std::string& event);
  /// How a member ended; it is made to, and the test fails, where it does not by itself.
  [[nodiscard]] Stopped end_of(Node& node);
  /// All have applied so many events, the same ones.
  [[nodiscard]] bool all_have(std::size_t count);
  /// What the journal of a member that has ended says.
  [[nodiscard]] Verdict verdict(const Node& node) const;

  real::TempDirectory root_;
  Exchange exchange_;
  LoopbackHub hub_;
  /// The hour by which members wait; it stands until a test moves it.
  std::atomic<std::chrono::steady_clock::duration> hour_{std::chrono::hours(1)};
  std::map<std::string, std::unique_ptr<Node>> nodes_;
};

[[nodiscard]] std::span<const std::uint8_t> bytes_of(const std::string& text);

}  // namespace storemark::test
