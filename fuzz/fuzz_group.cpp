// SPDX-License-Identifier: Apache-2.0
// What may stand on a local group's socket: raw bytes, and frames whose checksum is right, to a hub
// with a real member beside it, and to a member. See src/group/local/PROTOCOL.md.
#include <algorithm>

#include "byte_source.hpp"
#include "group/local/member.hpp"
#include "require.hpp"

namespace storemark::fuzz {
namespace {

using namespace local_group;

class NobodyLives : public Ledger {
 public:
  bool keep(const Mark&) override { return true; }
  bool lives(std::uint64_t) override { return false; }
};

/// What decodes encodes again to the same bytes.
void check_round_trip(const Frame& frame) {
  const auto same = [&](const Bytes& again) {
    require(std::ranges::equal(ByteView(again).subspan(head_bytes), frame.body),
            "what decodes encodes again to the same");
  };
  const auto body = frame.body;
  if (const auto said = decode_hello(body)) same(encode_hello(*said));
  if (const auto said = decode_data(body)) same(encode_data(said->count, said->message));
  if (const auto said = decode_held(body)) same(encode_held(said->chain_before, said->item));
  if (const auto said = decode_sync(body)) same(encode_sync(*said));
  if (const auto said = decode_item(body)) same(encode_item(*said));
  if (const auto said = decode_commit(body)) same(encode_commit(*said));
  if (const auto said = decode_refused(body)) same(encode_refused(*said));
  if (const auto said = decode_request(body)) same(encode_request(*said));
}

Uuid group_id() { return Uuid{{1}}; }

/// A hub that founded, or waits for its survivors; its own node is 1, the fuzzer's connection is 2.
struct HubAtHand {
  explicit HubAtHand(bool founds)
      : founding(founds), hub(ledger, 1, {group_id(), 2, 1, 1}, founds) {
    hub.connected(1, "pid 1");
    hub.connected(2, "pid 2");
    if (founding) {
      Hello hello;
      hello.node = 1;
      hear(1, encode_hello(hello));
    }
  }
  void hear(Hub::Peer peer, const Bytes& bytes) {
    const auto body = ByteView(bytes).subspan(head_bytes);
    alive = hub.frame(peer, {static_cast<FrameType>(bytes[5]), body}) && alive;
  }
  void hear(const Frame& frame) {
    if (!alive || !hub.accepting()) return;
    alive = hub.frame(2, frame);
    hub.settle();
    if (!alive) hub.closed(2);
    require(!founding || !hub.is_waiting(), "a hub at work stays at work");
  }
  const bool founding;
  NobodyLives ledger;
  Hub hub;
  bool alive = true;
};

Bytes next_bytes(ByteSource& source) {
  const bool whole = source.below(4) != 0;
  const auto type = static_cast<FrameType>(source.byte());
  const auto body = source.bytes(source.below(128));
  if (whole) return make_frame(type, body);
  return {body.begin(), body.end()};
}

}  // namespace
}  // namespace storemark::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace storemark::fuzz;
  ByteSource source({data, size});
  HubAtHand at_hand(source.below(2) == 0);
  Member member("m", 1 << 16, [] { return std::uint64_t{3}; });
  member.connected();
  FrameReader reader;
  bool hears = true;
  while (!source.empty()) {
    const Bytes bytes = next_bytes(source);
    std::ranges::copy(bytes, reader.room(bytes.size()).begin());
    reader.came(bytes.size());
    Frame frame;
    while (reader.next(frame) == FrameReader::Next::frame) {
      check_round_trip(frame);
      at_hand.hear(frame);
      hears = hears && member.frame(frame);
    }
    // A frame that is whole was taken, or the stream is at its end.
    const bool over = reader.fault() != FrameFault::none;
    require(over || reader.held() < head_bytes + max_body_bytes, "a whole frame waits");
  }
  // Nothing is delivered of what was not said to be with all.
  while (const auto item = member.take()) {
    require(item->number() > 0 && member.stage() != Member::Stage::outside, "delivered too soon");
  }
  return 0;
}
