// SPDX-License-Identifier: Apache-2.0
#include "group/local/words.hpp"

#include <gtest/gtest.h>

#include <boost/endian/conversion.hpp>

namespace storemark::local_group {
namespace {

ByteView body_of(const Bytes& frame) { return ByteView(frame).subspan(head_bytes); }

ByteView text(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

GroupView view_of(std::size_t nodes) {
  GroupView out;
  out.id = new_uuid();
  for (std::size_t i = 1; i <= nodes; ++i) {
    out.nodes.push_back(GroupNode{i});
    out.names.push_back("n" + std::to_string(i));
  }
  return out;
}

Hello survivor() {
  Hello out;
  out.node = max_node;
  out.name = "broker";
  out.group = new_uuid();
  out.term = 3;
  out.received = {17, 99};
  out.view_number = 15;
  out.view = view_of(max_nodes);
  return out;
}

TEST(WordsTest, AHelloComesBack) {
  const Hello said = survivor();
  const auto heard = decode_hello(body_of(encode_hello(said)));
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->node, said.node);
  EXPECT_EQ(heard->name, said.name);
  EXPECT_EQ(heard->group, said.group);
  EXPECT_EQ(heard->term, said.term);
  EXPECT_EQ(heard->received, said.received);
  EXPECT_EQ(heard->view_number, said.view_number);
  EXPECT_EQ(heard->view.nodes, said.view.nodes);
  EXPECT_EQ(heard->view.names, said.view.names);
}

TEST(WordsTest, TheOthersComeBack) {
  const auto data = body_of(encode_data(7, text("x")));
  EXPECT_EQ(decode_data(data)->count, 7U);
  const Item item = message_item(5, 6, {7, text("hello")});
  const auto held = decode_held(body_of(encode_held(11, item)));
  EXPECT_EQ(held->chain_before, 11U);
  EXPECT_EQ(held->item.body, item.body);
  const auto again = decode_item(body_of(encode_item(item)));
  EXPECT_EQ(again->number(), 5U);
  EXPECT_EQ(again->from(), 6U);
  EXPECT_EQ(again->count(), 7U);
  EXPECT_EQ(again->rest().size(), 5U);
  const auto view = view_of(3);
  EXPECT_EQ(decode_view(decode_item(body_of(encode_item(view_item(9, view))))->rest())->names,
            view.names);
  EXPECT_EQ(decode_commit(body_of(encode_commit({4, 5}))), (Point{4, 5}));
  EXPECT_EQ(decode_request(body_of(encode_request(12))), 12U);
  const Sync sync{new_uuid(), 2, {3, 4}};
  EXPECT_EQ(decode_sync(body_of(encode_sync(sync)))->base, sync.base);
  const auto refused = decode_refused(
      body_of(encode_refused({Refusal::outsider, std::string(max_reason_bytes + 9, 'r')})));
  EXPECT_EQ(refused->refusal, Refusal::outsider);
  EXPECT_EQ(refused->reason.size(), max_reason_bytes);
}

TEST(WordsTest, OneByteMoreOrLessIsNothing) {
  const Sync sync{new_uuid(), 2, {3, 4}};
  const auto check = [](const Bytes& frame, auto decode) {
    Bytes body(body_of(frame).begin(), body_of(frame).end());
    EXPECT_TRUE(decode(body));
    body.push_back(0);
    EXPECT_FALSE(decode(body));
    while (body.size() > 1) {
      body.pop_back();
      if (body.size() < body_of(frame).size()) {
        EXPECT_FALSE(decode(body)) << body.size();
      }
    }
  };
  check(encode_hello(survivor()), decode_hello);
  check(encode_item(view_item(1, view_of(2))), decode_item);
  check(encode_commit({1, 2}), decode_commit);
  check(encode_request(1), decode_request);
  check(encode_sync(sync), decode_sync);
  check(encode_refused({Refusal::not_welcome, "no"}), decode_refused);
}

TEST(WordsTest, WhatHasNoMeaningIsNothing) {
  const auto refused = [](auto change) {
    Hello hello = survivor();
    change(hello);
    return !decode_hello(body_of(encode_hello(hello)));
  };
  EXPECT_TRUE(refused([](Hello& h) { h.node = 0; }));
  EXPECT_TRUE(refused([](Hello& h) { h.node = max_node + 1; }));
  EXPECT_TRUE(refused([](Hello& h) { h.name = std::string(max_name_bytes + 1, 'n'); }));
  EXPECT_TRUE(refused([](Hello& h) { h.group = {}; }));
  EXPECT_TRUE(refused([](Hello& h) { h.view_number = 0; }));
  EXPECT_TRUE(refused([](Hello& h) { h.view_number = 18; })) << "more than it received";
  EXPECT_TRUE(refused([](Hello& h) { h.view = view_of(max_nodes + 1); }));
  EXPECT_TRUE(refused([](Hello& h) { std::swap(h.view.nodes[0], h.view.nodes[1]); }));
  EXPECT_TRUE(refused([](Hello& h) { h.view.nodes[1] = h.view.nodes[0]; }));
  EXPECT_TRUE(refused([](Hello& h) { h.view.id = {}; }));
  EXPECT_FALSE(refused([](Hello&) {}));
  EXPECT_FALSE(decode_data(body_of(encode_data(0, text("x")))));
  EXPECT_FALSE(decode_item(message_item(0, 1, {1, {}}).body));
  EXPECT_FALSE(decode_item(message_item(1, max_node + 1, {1, {}}).body));
  EXPECT_FALSE(decode_item(message_item(1, 1, {0, {}}).body));
  EXPECT_FALSE(decode_item(message_item(1, 0, {0, text("no view")}).body));
}

TEST(WordsTest, ACountWithoutItsNodesTakesNoTime) {
  Bytes body(24);
  body[0] = 1;
  boost::endian::store_little_u64(&body[16], 0xFFFF'FFFF'FFFF);
  EXPECT_FALSE(decode_view(body));
}

}  // namespace
}  // namespace storemark::local_group
