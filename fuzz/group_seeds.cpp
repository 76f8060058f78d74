// SPDX-License-Identifier: Apache-2.0
#include "group/local/words.hpp"
#include "seeds.hpp"

namespace storemark::fuzz {
namespace {

using namespace local_group;

/// In the target's own form: whole, type, size of the body, body.
void add(std::vector<std::uint8_t>& out, const Bytes& frame) {
  const auto body = ByteView(frame).subspan(head_bytes);
  out.push_back(1);
  out.push_back(frame[5]);
  out.push_back(static_cast<std::uint8_t>(body.size()));
  out.insert(out.end(), body.begin(), body.end());
}

GroupView view_of(std::uint64_t node) { return {Uuid{{9}}, {GroupNode{node}}, {"n"}}; }

Hello survivor(std::uint64_t node, std::uint64_t received) {
  return {node, "s", Uuid{{1}}, 1, {received, 7}, 1, view_of(node)};
}

}  // namespace

std::vector<Seed> group_seeds() {
  std::vector<std::uint8_t> joins{0};
  add(joins, encode_hello({2, "b", {}, 0, {}, 0, {}}));
  add(joins, encode_data(1, Bytes{'x'}));
  add(joins, encode_data(2, Bytes{}));
  add(joins, encode_leave());
  std::vector<std::uint8_t> takeover{1};
  add(takeover, encode_hello(survivor(1, 5)));
  add(takeover, encode_held(7, message_item(6, 1, {1, Bytes{'x'}})));
  std::vector<std::uint8_t> member{0};
  const Item first = view_item(4, view_of(3));
  const Item second = message_item(5, 9, {1, Bytes{'y'}});
  const std::uint64_t chain = chained(chained(2, first.body), second.body);
  add(member, encode_sync({Uuid{{1}}, 1, {3, 2}}));
  add(member, encode_item(first));
  add(member, encode_item(second));
  add(member, encode_commit({5, chain}));
  add(member, encode_request(5));
  add(member, encode_refused({Refusal::outsider, "why"}));
  return {{"joins", joins},
          {"takeover", takeover},
          {"member", member},
          {"stranger", {0, 0, 0, 16, 'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P'}}};
}

}  // namespace storemark::fuzz
