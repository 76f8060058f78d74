// SPDX-License-Identifier: Apache-2.0
// What hub and members say to each other, and its place in a frame's body. PROTOCOL.md has the
// table. Pure; whatever the bytes, decoding ends and takes no more memory than they do.
#pragma once

#include <optional>
#include <storemark/group.hpp>

#include "group/local/frame.hpp"

namespace storemark::local_group {

/// A node's lock is the byte of this number in the lock file: a file offset, and never 0.
inline constexpr std::uint64_t max_node = std::uint64_t{1} << 62;
inline constexpr std::size_t max_nodes = 256;
inline constexpr std::size_t max_name_bytes = 64;
/// With the process id that the hub puts behind it.
inline constexpr std::size_t max_full_name_bytes = 96;
inline constexpr std::size_t max_reason_bytes = 200;

/// One place in the one order, by hub's number, and the digest of all that is up to there.
struct Point {
  std::uint64_t number = 0;
  std::uint64_t chain = 0;
  bool operator==(const Point&) const = default;
};

/// An item is kept as its body: number, sender (0: it is a view), the sender's count, the rest.
struct Item {
  Bytes body;
  [[nodiscard]] std::uint64_t number() const;
  [[nodiscard]] std::uint64_t from() const;
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] ByteView rest() const { return ByteView(body).subspan(head); }
  [[nodiscard]] bool is_view() const { return from() == 0; }
  static constexpr std::size_t head = 24;
};
/// The digest after an item.
[[nodiscard]] std::uint64_t chained(std::uint64_t before, ByteView item_body);

struct Hello {
  std::uint64_t node = 0;
  std::string name;
  // Of one who was in the group under an earlier hub; else nil and zero.
  Uuid group;
  std::uint64_t term = 0;
  Point received;
  std::uint64_t view_number = 0;
  GroupView view;
};
struct Sync {
  Uuid group;
  std::uint64_t term = 0;
  Point base;
};
enum class Refusal : std::uint8_t {
  not_welcome = 1,  ///< will not be taken, now or later
  outsider = 2,     ///< what it says of itself is not of this group's course
};
struct Refused {
  Refusal refusal = Refusal::not_welcome;
  std::string reason;
};

[[nodiscard]] Bytes encode_hello(const Hello& hello);
[[nodiscard]] Bytes encode_data(std::uint64_t count, ByteView message);
[[nodiscard]] Bytes encode_leave();
[[nodiscard]] Bytes encode_held(std::uint64_t chain_before, const Item& item);
[[nodiscard]] Bytes encode_sync(const Sync& sync);
[[nodiscard]] Bytes encode_item(const Item& item);
[[nodiscard]] Bytes encode_commit(const Point& point);
[[nodiscard]] Bytes encode_refused(const Refused& refused);
[[nodiscard]] Bytes encode_request(std::uint64_t first);

struct Data {
  std::uint64_t count = 0;
  ByteView message;
};
struct Held {
  std::uint64_t chain_before = 0;
  Item item;
};

// Nothing where the body is not of that kind, whole and within bounds.
[[nodiscard]] std::optional<Hello> decode_hello(ByteView body);
[[nodiscard]] std::optional<Data> decode_data(ByteView body);
[[nodiscard]] std::optional<Held> decode_held(ByteView body);
[[nodiscard]] std::optional<Sync> decode_sync(ByteView body);
[[nodiscard]] std::optional<Item> decode_item(ByteView body);
[[nodiscard]] std::optional<Point> decode_commit(ByteView body);
[[nodiscard]] std::optional<Refused> decode_refused(ByteView body);
[[nodiscard]] std::optional<std::uint64_t> decode_request(ByteView body);

[[nodiscard]] Item message_item(std::uint64_t number, std::uint64_t from, const Data& data);
[[nodiscard]] Item view_item(std::uint64_t number, const GroupView& view);
[[nodiscard]] std::optional<GroupView> decode_view(ByteView bytes);
[[nodiscard]] bool is_in(const GroupView& view, std::uint64_t node);

}  // namespace storemark::local_group
