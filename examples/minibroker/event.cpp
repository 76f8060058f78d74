// SPDX-License-Identifier: Apache-2.0
#include "event.hpp"

#include <algorithm>

namespace minibroker {
namespace {

// publish:      'P', length of the queue's name, name, text
// acknowledge:  'A', id in eight bytes, the lowest first
constexpr std::size_t acknowledge_bytes = 9;

}  // namespace

bool is_queue_name(std::string_view name) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= max_queue_bytes && std::ranges::all_of(name, allowed);
}

std::vector<std::uint8_t> encode(const Event& event) {
  std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(event.kind)};
  if (event.kind == Event::Kind::publish) {
    bytes.reserve(2 + event.queue.size() + event.text.size());
    bytes.push_back(static_cast<std::uint8_t>(event.queue.size()));
    bytes.insert(bytes.end(), event.queue.begin(), event.queue.end());
    bytes.insert(bytes.end(), event.text.begin(), event.text.end());
  } else {
    for (unsigned shift = 0; shift < 64; shift += 8) {
      bytes.push_back(static_cast<std::uint8_t>(event.id >> shift & 0xFF));
    }
  }
  return bytes;
}

std::optional<Event> decode(std::span<const std::uint8_t> bytes) noexcept {
  if (bytes.size() < 2) return std::nullopt;
  Event event;
  event.kind = static_cast<Event::Kind>(bytes[0]);
  if (event.kind == Event::Kind::acknowledge && bytes.size() == acknowledge_bytes) {
    for (std::size_t i = 0; i < 8; ++i) event.id |= std::uint64_t{bytes[1 + i]} << (8 * i);
    return event;
  }
  const std::size_t queue = bytes[1];
  if (event.kind != Event::Kind::publish || bytes.size() < 2 + queue) return std::nullopt;
  const std::string_view rest(reinterpret_cast<const char*>(bytes.data()) + 2, bytes.size() - 2);
  event.queue = rest.substr(0, queue);
  event.text = rest.substr(queue);
  if (!is_queue_name(event.queue)) return std::nullopt;
  return event;
}

}  // namespace minibroker
