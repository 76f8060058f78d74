// SPDX-License-Identifier: Apache-2.0
#include "group/local/words.hpp"

#include <xxhash.h>

#include "group/packed.hpp"

namespace storemark::local_group {
namespace {

class Writer : public PackedWriter<Writer> {
 public:
  Writer& number(std::uint64_t value) { return integer(value); }
  Writer& point(const Point& value) { return number(value.number).number(value.chain); }
  Writer& view(const GroupView& value) {
    uuid(value.id).number(value.nodes.size());
    for (std::size_t i = 0; i < value.nodes.size(); ++i) {
      number(value.nodes[i].value).text(value.names[i]);
    }
    return *this;
  }
};

class Reader : public PackedReader {
 public:
  using PackedReader::PackedReader;

  std::uint64_t number() { return integer<std::uint64_t>(); }
  std::uint64_t node() {
    const std::uint64_t value = number();
    require(value > 0 && value <= max_node);
    return value;
  }
  Point point() {
    Point out;
    out.number = number();
    out.chain = number();
    return out;
  }
  GroupView view() {
    GroupView out;
    out.id = uuid();
    const std::uint64_t count = number();
    require(count <= max_nodes && !out.id.is_nil());
    for (std::uint64_t i = 0; i < count && good(); ++i) {
      const GroupNode one{node()};
      require(out.nodes.empty() || out.nodes.back() < one);
      out.nodes.push_back(one);
      out.names.push_back(text(max_full_name_bytes));
    }
    return out;
  }
};

std::optional<Item> item_from(ByteView body) {
  Reader reader(body);
  reader.require(reader.number() > 0);
  const std::uint64_t from = reader.number();
  reader.require(from <= max_node);
  const std::uint64_t count = reader.number();
  reader.require((from == 0) == (count == 0));
  const auto rest = reader.rest();
  if (from == 0) reader.require(decode_view(rest).has_value());
  return if_whole(reader, Item{Bytes(body.begin(), body.end())});
}

std::uint64_t integer_at(const Bytes& body, std::size_t at) {
  return boost::endian::load_little_u64(&body[at]);
}

}  // namespace

std::uint64_t Item::number() const { return integer_at(body, 0); }
std::uint64_t Item::from() const { return integer_at(body, 8); }
std::uint64_t Item::count() const { return integer_at(body, 16); }

std::uint64_t chained(std::uint64_t before, ByteView item_body) {
  return XXH3_64bits_withSeed(item_body.data(), item_body.size(), before);
}

Bytes encode_hello(const Hello& hello) {
  Writer out;
  out.number(hello.node).text(hello.name).uuid(hello.group).number(hello.term);
  out.point(hello.received).number(hello.view_number);
  if (hello.view_number != 0) out.view(hello.view);
  return make_frame(FrameType::hello, out.take());
}

std::optional<Hello> decode_hello(ByteView body) {
  Reader reader(body);
  Hello out;
  out.node = reader.node();
  out.name = reader.text(max_name_bytes);
  out.group = reader.uuid();
  out.term = reader.number();
  out.received = reader.point();
  out.view_number = reader.number();
  if (out.view_number != 0) out.view = reader.view();
  // Who was in the group knows a view of it; who was not knows nothing.
  reader.require(out.group.is_nil() == (out.view_number == 0));
  reader.require(out.view_number <= out.received.number);
  return if_whole(reader, std::move(out));
}

Bytes encode_data(std::uint64_t count, ByteView message) {
  return make_frame(FrameType::data, Writer().number(count).take(), message);
}

std::optional<Data> decode_data(ByteView body) {
  Reader reader(body);
  Data out;
  out.count = reader.number();
  out.message = reader.rest();
  reader.require(out.count > 0 && out.message.size() <= max_message_bytes);
  return if_whole(reader, out);
}

Bytes encode_leave() { return make_frame(FrameType::leave, {}); }

Bytes encode_held(std::uint64_t chain_before, const Item& item) {
  return make_frame(FrameType::held, Writer().number(chain_before).take(), item.body);
}

std::optional<Held> decode_held(ByteView body) {
  Reader reader(body);
  const std::uint64_t chain = reader.number();
  auto item = item_from(reader.rest());
  if (!item || !reader.whole()) return std::nullopt;
  return Held{chain, std::move(*item)};
}

Bytes encode_sync(const Sync& sync) {
  Writer out;
  out.uuid(sync.group).number(sync.term).point(sync.base);
  return make_frame(FrameType::sync, out.take());
}

std::optional<Sync> decode_sync(ByteView body) {
  Reader reader(body);
  Sync out;
  out.group = reader.uuid();
  out.term = reader.number();
  out.base = reader.point();
  reader.require(!out.group.is_nil() && out.term > 0);
  return if_whole(reader, out);
}

Bytes encode_item(const Item& item) { return make_frame(FrameType::item, item.body); }
std::optional<Item> decode_item(ByteView body) { return item_from(body); }

Bytes encode_commit(const Point& point) {
  return make_frame(FrameType::commit, Writer().point(point).take());
}

std::optional<Point> decode_commit(ByteView body) {
  Reader reader(body);
  const Point out = reader.point();
  return if_whole(reader, out);
}

Bytes encode_refused(const Refused& refused) {
  Writer out;
  out.integer(static_cast<std::uint8_t>(refused.refusal));
  out.text(std::string_view(refused.reason).substr(0, max_reason_bytes));
  return make_frame(FrameType::refused, out.take());
}

std::optional<Refused> decode_refused(ByteView body) {
  Reader reader(body);
  const auto refusal = reader.integer<std::uint8_t>();
  Refused out;
  out.reason = reader.text(max_reason_bytes);
  reader.require(refusal == 1 || refusal == 2);
  if (refusal == 2) out.refusal = Refusal::outsider;
  return if_whole(reader, std::move(out));
}

Bytes encode_request(std::uint64_t first) {
  return make_frame(FrameType::request, Writer().number(first).take());
}

std::optional<std::uint64_t> decode_request(ByteView body) {
  Reader reader(body);
  const std::uint64_t out = reader.number();
  return if_whole(reader, out);
}

Item message_item(std::uint64_t number, std::uint64_t from, const Data& data) {
  Writer out;
  out.number(number).number(from).number(data.count).raw(data.message);
  return {out.take()};
}

Item view_item(std::uint64_t number, const GroupView& view) {
  Writer out;
  out.number(number).number(0).number(0).view(view);
  return {out.take()};
}

std::optional<GroupView> decode_view(ByteView bytes) {
  Reader reader(bytes);
  GroupView out = reader.view();
  return if_whole(reader, std::move(out));
}

bool is_in(const GroupView& view, std::uint64_t node) {
  return std::ranges::binary_search(view.nodes, GroupNode{node});
}

}  // namespace storemark::local_group
