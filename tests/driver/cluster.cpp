// SPDX-License-Identifier: Apache-2.0
#include "driver/cluster.hpp"

namespace storemark::test {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

ClusterTest::~ClusterTest() {
  hub_.let_go();
  for (auto& [name, node] : nodes_) {
    if (node->broker) node->broker->let_go();
    node->driver.reset();
  }
}

Node& ClusterTest::node(const std::string& name, std::uint32_t wait_for) {
  auto& place = nodes_[name];
  place = std::make_unique<Node>();
  place->name = name;
  place->options.directory = root_.path() / name;
  std::filesystem::create_directory(place->options.directory);
  place->options.label = name;
  place->options.address = "/" + name;
  place->options.wait_for = wait_for;
  return *place;
}

Result<void> ClusterTest::try_start(Node& node) {
  node.driver.reset();
  if (!node.broker || node.broker->end()) {
    node.broker = std::make_unique<SmallBroker>(node.disk, exchange_);
  }
  auto driver =
      driver::start(node.options, *node.broker,
                    [&]() -> Result<std::unique_ptr<Group>> { return hub_.join(node.name); },
                    {std::chrono::milliseconds(5),
                     [this] { return std::chrono::steady_clock::time_point(hour_.load()); }});
  if (!driver) return tl::unexpected(driver.error());
  node.driver = std::move(*driver);
  return {};
}

void ClusterTest::start(Node& node) { real::must(try_start(node)); }

void ClusterTest::start_all() {
  for (auto& [name, node] : nodes_) start(*node);
}

void ClusterTest::found(const std::vector<std::string>& names) {
  for (const auto& name : names) node(name, static_cast<std::uint32_t>(names.size()));
  start_all();
  ASSERT_TRUE(all_ready());
}

bool ClusterTest::all_ready() {
  for (auto& [name, node] : nodes_) {
    if (!node->broker->until_ready()) return false;
  }
  return true;
}

void ClusterTest::publish(Node& node, std::uint64_t token, const std::string& event) {
  const auto done = node.driver->publish(bytes_of(event), token);
  ASSERT_TRUE(real::ok(done)) << node.name;
  ASSERT_TRUE(*done);
}

void ClusterTest::publish_and_wait(Node& node, std::uint64_t token, const std::string& event) {
  publish(node, token, event);
  ASSERT_TRUE(node.broker->until([&] { return node.broker->confirmed_tokens().contains(token); }));
}

Stopped ClusterTest::end_of(Node& node) {
  if (!node.broker->until([&] { return node.broker->end().has_value(); })) {
    ADD_FAILURE() << node.name << " goes on";
    node.driver->leave();
  }
  return node.driver->wait();
}

bool ClusterTest::all_have(std::size_t count) {
  std::optional<std::vector<std::string>> first;
  for (auto& [name, node] : nodes_) {
    if (!node->broker->until_applied(count)) return false;
    if (!first) first = node->broker->events();
    if (node->broker->events() != *first || first->size() != count) return false;
  }
  return true;
}

Verdict ClusterTest::verdict(const Node& node) const {
  return real::must(examine(node.options.directory, real::data())).verdict;
}

}  // namespace storemark::test
