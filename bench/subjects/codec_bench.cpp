// SPDX-License-Identifier: Apache-2.0
// The bytes of the messages that members send each other, written and read, beside copying them.
#include <cstring>

#include "../group.hpp"
#include "../raw_file.hpp"
#include "../subject.hpp"
#include "restart/wire.hpp"

namespace storemark::bench {
namespace {

constexpr int calls = 200;  // in a turn

Uuid numbered(std::uint8_t kind, std::size_t number) {
  Uuid out;
  out.bytes[0] = kind;
  out.bytes[15] = static_cast<std::uint8_t>(number + 1);
  return out;
}

wire::Message announcement(std::size_t views, std::size_t members) {
  wire::Announce out;
  out.round = numbered(1, 0);
  Announcement& member = out.member;
  member.id = MemberId(numbered(2, 0));
  member.label = "broker-a";
  member.incarnation = Incarnation(numbered(3, 0));
  member.initial = InitialUuid(numbered(4, 0));
  member.state = StoreState::dirty;
  member.floor = member.ceiling = 1'000'000;
  for (std::size_t view = 0; view < views; ++view) {
    member.history.push_back(
        {ViewId(numbered(5, view)), view * 1'000, static_cast<std::uint16_t>(members)});
  }
  member.view.id = member.history.back().view;
  for (std::size_t other = 0; other < members; ++other) {
    member.view.members.push_back(
        {MemberId(numbered(2, other)), "broker-" + std::to_string(other), 900'000});
  }
  out.address = "broker-a.example:7000";
  return out;
}

wire::Message event(std::size_t bytes) {
  return wire::Event{std::vector<std::uint8_t>(bytes, std::uint8_t{'e'})};
}

template <class Call>
Contender calling(std::string name, Call call) {
  Contender out;
  out.name = std::move(name);
  out.operations = calls;
  out.once = [call] {
    return timed([&] {
      for (int i = 0; i < calls; ++i) call();
    });
  };
  return out;
}

Table codec_table(const std::string& what, const wire::Message& message, const Plan& plan) {
  const auto bytes = wire::encode(message);
  if (const auto read = wire::decode(bytes); !read) give_up(read.error().c_str());
  Group group(what + ", " + std::to_string(bytes.size()) + " bytes", plan);
  Contender copy = calling("allocate and copy", [bytes] {
    const std::vector<std::uint8_t> copied = bytes;
    asm volatile("" : : "r"(copied.data()) : "memory");
  });
  copy.is_baseline = true;
  group.add(std::move(copy));
  Contender encoding = calling("encode", [message] {
    if (wire::encode(message).empty()) std::abort();
  });
  encoding.is_ours = true;
  group.add(std::move(encoding));
  group.add(calling("decode", [bytes] {
    if (!wire::decode(bytes)) std::abort();
  }));
  return std::move(group).table();
}

Tables codec_tables(const std::filesystem::path& /*directory*/, Effort effort) {
  const Plan plan =
      by_effort<Plan>(effort, {2, 2, {}, {}}, {30, 5, {}, {}}, {100, 5, {}, {}}, {400, 10, {}, {}});
  constexpr std::size_t small = 3;
  constexpr std::size_t event_bytes = 256;
  Tables out;
  out.push_back(codec_table("event", event(event_bytes), plan));
  out.push_back(codec_table("event", event(std::size_t{1} << 16U), plan));
  out.push_back(codec_table("announcement, 3 members", announcement(small, small), plan));
  out.push_back(
      codec_table("announcement, 64 members", announcement(max_history, max_members), plan));
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "codec", storemark::bench::codec_tables);
}
