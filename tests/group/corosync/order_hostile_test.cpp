// SPDX-License-Identifier: Apache-2.0
// Well-formed nonsense, from members of the group: no crash, no memory without bound.
#include <gtest/gtest.h>

#include <random>

#include "group/corosync/bench.hpp"
#include "group/corosync/bundle.hpp"

namespace storemark::corosync_group {
namespace {

class Nonsense {
 public:
  explicit Nonsense(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  Address address() {
    return {static_cast<std::uint32_t>(1 + below(3)), static_cast<std::uint32_t>(1 + below(2))};
  }
  Configuration item(Address self) {
    Configuration out;
    out.members.push_back(self);
    for (auto more = below(4); more > 0; --more) out.members.push_back(address());
    for (auto more = below(2); more > 0; --more) out.left.push_back(address());
    if (below(3) == 0) out.ring = ring();
    out.departures = below(3);
    return out;
  }
  RingId ring() { return {1, below(3)}; }
  Bytes message(const std::vector<Bytes>& heard) {
    switch (below(10)) {
      case 0:
        return hello();
      case 1:
        return encode(Exclude{address(), ring(), 1 + below(3),
                              below(2) == 0 ? MessageType::hello : MessageType::agree});
      case 2:
        return encode_renew();
      case 3:
        return data("x");
      case 4:
        return agree();
      case 5:
        return bundle();
      default:
        return heard.empty() ? data("y") : heard[below(heard.size())];
    }
  }

 private:
  /// Half of them with something behind the last message.
  Bytes bundle() {
    Bytes body;
    for (auto more = below(3); more > 0; --more) corosync_group::bundle(body, bytes_of("z"));
    if (below(2) == 0) body.push_back(0);
    return in_envelope(MessageType::bundle, body);
  }
  Bytes agree() {
    Agree out;
    for (auto more = below(4); more > 0; --more) out.hellos.push_back({address(), 1 + below(3)});
    return encode(out);
  }
  Bytes hello() {
    Hello out{1 + below(4), 1 + below(4), ring(), static_cast<Quorum>(below(3)), "n", {}, {}};
    for (auto more = below(3); more > 0; --more) out.excluded.push_back(address());
    for (auto more = below(4); more > 0; --more) out.stretches.push_back({below(2), random_()});
    return encode(out);
  }
  std::mt19937_64 random_;
};

TEST(OrderHostile, NonsenseEndsNothingButTheNode) {
  std::size_t views = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Nonsense from(seed);
    One one(1);
    std::vector<Bytes> heard;  // its own words, which anybody may say again
    for (int i = 0; i < 300 && !one.order.is_lost(); ++i) {
      if (i == 0 || from.below(8) == 0) one.order.configuration(from.item(one.address));
      one.order.message(from.below(2) == 0 ? one.address : from.address(), from.message(heard));
      if (from.below(4) == 0) one.order.certain(from.below(3));
      if (from.below(9) == 0) one.order.exclude_silent();
      if (from.below(9) == 0) one.order.overheard(from.address(), from.message(heard));
      one.drain();
      for (; !one.said.empty(); one.said.pop_front()) heard.push_back(one.said.front());
      ASSERT_LE(one.order.cost(), 2 * 300 * (sizeof(Datum) + 1));
    }
    for (const std::string& what : one.seen) views += what.starts_with("view");
  }
  EXPECT_GT(views, 100U);
}

}  // namespace
}  // namespace storemark::corosync_group
