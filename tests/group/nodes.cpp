// SPDX-License-Identifier: Apache-2.0
#include "group/nodes.hpp"

#include <poll.h>

#include <algorithm>

namespace storemark::local_group {
namespace {
constexpr int a_minute = 60'000;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void Seen::view_changed(const GroupView& view) {
  views.push_back(view);
  all.push_back("v:" + to_string(view.id));
}

void Seen::delivered(GroupNode from, std::span<const std::uint8_t> message) {
  messages.emplace_back(message.begin(), message.end());
  all.push_back(std::to_string(from.value) + ":" + messages.back());
}

bool Node::take() {
  pollfd one{group->descriptor(), POLLIN, 0};
  if (::poll(&one, 1, a_minute) != 1) return false;
  lost = !group->dispatch(seen, 1000).has_value();
  return !lost;
}

bool Node::until(const std::function<bool()>& holds) {
  while (!holds()) {
    if (!take()) return false;
  }
  return true;
}

bool Node::until_messages(std::size_t count) {
  return until([&] { return seen.messages.size() >= count; });
}

bool Node::until_nodes(std::size_t count) {
  return until([&] { return !seen.views.empty() && seen.views.back().nodes.size() == count; });
}

void Node::send(std::string_view text) {
  while (!must(group->multicast(bytes_of(text)))) {
    if (!take()) throw std::runtime_error("no room for a minute");
  }
}

LocalGroupOptions GroupTest::options(std::string name) const {
  LocalGroupOptions out;
  out.directory = place();
  out.name = std::move(name);
  return out;
}

std::unique_ptr<Node> GroupTest::join(std::string name) const {
  return std::make_unique<Node>(options(std::move(name)));
}

testing::AssertionResult GroupTest::agree(const Seen& a, const Seen& b) {
  const auto begin = std::ranges::find(a.all, b.all.empty() ? "" : b.all.front());
  if (begin == a.all.end()) return testing::AssertionFailure() << "one never saw the other's first";
  const auto differ = std::mismatch(begin, a.all.end(), b.all.begin(), b.all.end());
  if (differ.first == a.all.end() || differ.second == b.all.end()) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << *differ.first << " and " << *differ.second;
}

}  // namespace storemark::local_group
