// SPDX-License-Identifier: Apache-2.0
// Blocks whose checks hold and whose fields lie: a table of lies, and what is said to each.
#include <gtest/gtest.h>

#include <functional>

#include "journal/blocks.hpp"
#include "journal/bytes.hpp"
#include "journal/codec.hpp"
#include "journal/samples.hpp"

namespace storemark {
namespace {

using namespace storemark::test;
using layout::Field;
using Slot = std::array<std::byte, layout::slot_bytes>;

template <class Integer>
void set(Slot& slot, const Field& field, Integer value) {
  ASSERT_EQ(field.size, sizeof value);
  codec::put(slot.data() + field.offset, value);
}
void set_byte(Slot& slot, std::size_t at, unsigned value) {
  slot.at(at) = static_cast<std::byte>(value);
}

constexpr std::uint64_t too_far = max_sequence + 1;
using U8 = std::uint8_t;
using U16 = std::uint16_t;
using U64 = std::uint64_t;

struct Lie {
  const char* name;
  std::function<void(Slot&)> tell;
  const char* why;  // part of what is said
};

const Lie lies[] = {
    {"state 0", [](Slot& s) { set(s, layout::state, U8{0}); }, "state"},
    {"state 5", [](Slot& s) { set(s, layout::state, U8{5}); }, "state"},
    {"generation 0", [](Slot& s) { set(s, layout::generation, U64{0}); }, "generation"},
    {"nil journal", [](Slot& s) { std::fill_n(&s[layout::journal.offset], 16, std::byte{0}); },
     "journal id"},
    {"floor above ceiling", [](Slot& s) { set(s, layout::floor, U64{21}); }, "above the ceiling"},
    {"ceiling too far", [](Slot& s) { set(s, layout::ceiling, too_far); }, "beyond all counting"},
    {"target too far", [](Slot& s) { set(s, layout::target, too_far); }, "beyond all counting"},
    {"unknown flag", [](Slot& s) { set(s, layout::flags, U16{32}); }, "unknown flag"},
    {"highest flag", [](Slot& s) { set(s, layout::flags, U16{0x8000}); }, "unknown flag"},
    {"reserved a", [](Slot& s) { set_byte(s, layout::reserved_a.offset + 3, 1); }, "reserved"},
    {"reserved b", [](Slot& s) { set_byte(s, layout::reserved_b.offset, 1); }, "reserved"},
    {"reserved c", [](Slot& s) { set_byte(s, layout::reserved_c.offset + 1, 1); }, "reserved"},
    {"reserved d", [](Slot& s) { set_byte(s, layout::reserved_d.end() - 1, 1); }, "reserved"},
    {"tag of 33 bytes", [](Slot& s) { set(s, layout::tag_size, U8{33}); }, "tag is too long"},
    {"tag padding", [](Slot& s) { set_byte(s, layout::tag.offset, 1); }, "zero-padded"},
    {"65 members", [](Slot& s) { set(s, layout::members, U16{65}); }, "section is too large"},
    {"33 views", [](Slot& s) { set(s, layout::history, U16{33}); }, "section is too large"},
    {"64 compared", [](Slot& s) { set(s, layout::compared, U16{64}); }, "section is too large"},
    {"reason of 129", [](Slot& s) { set(s, layout::reason, U16{129}); }, "section is too large"},
    {"payload of 257", [](Slot& s) { set(s, layout::payload, U16{257}); }, "section is too large"},
    {"payload of 65535", [](Slot& s) { set(s, layout::payload, U16{65535}); }, "too large"},
    {"fewer members", [](Slot& s) { set(s, layout::members, U16{2}); }, "after the sections"},
    {"label of 17", [](Slot& s) { set_byte(s, layout::area.offset + 24, 17); }, "label"},
    {"label of 255", [](Slot& s) { set_byte(s, layout::area.offset + 24, 255); }, "label"},
    {"label of no UTF-8", [](Slot& s) { set_byte(s, layout::area.offset + 25, 0xFF); }, "UTF-8"},
    {"reason of no UTF-8",
     [](Slot& s) {
       set(s, layout::reason, U16{1});
       set_byte(s, layout::area.offset + 3 * layout::member_bytes + 6 + 26, 0x80);
     },
     "UTF-8"},
    {"rest of area", [](Slot& s) { set_byte(s, layout::area.end() - 1, 1); }, "after the sections"},
    {"sections run over",
     [](Slot& s) {
       for (std::size_t at = layout::area.offset; at < layout::area.end(); ++at)
         set_byte(s, at, 16);
       set(s, layout::members, U16{64});
       set(s, layout::history, U16{32});
       set(s, layout::reason, U16{128});
       set(s, layout::payload, U16{256});
     },
     "run over"},
    {"compared names no member",
     [](Slot& s) {
       set(s, layout::compared, U16{1});
       const std::size_t at = layout::area.offset + 3 * layout::member_bytes + 6 + 26;
       set_byte(s, at, 3);
     },
     "member that is not there"},
    {"compared names no view",
     [](Slot& s) {
       set(s, layout::compared, U16{1});
       const std::size_t at = layout::area.offset + 3 * layout::member_bytes + 6 + 26;
       set_byte(s, at + 1, 1);
     },
     "view that is not there"},
};

TEST(CodecMalformed, EveryLieIsNamed) {
  for (const Lie& lie : lies) {
    SCOPED_TRACE(lie.name);
    Slot slot{};
    ASSERT_TRUE(codec::encode(plain_record(), slot));
    lie.tell(slot);
    fix_checks(slot, 4);
    for (const std::size_t place : {std::size_t{4}, std::size_t{1}}) {
      const codec::Decoded decoded = codec::decode(slot, place);
      EXPECT_EQ(decoded.health, SlotHealth::malformed);
      EXPECT_NE(decoded.why.find(lie.why), std::string::npos) << decoded.why;
      EXPECT_FALSE(decoded.record);
      EXPECT_TRUE(decoded.has_magic);
    }
  }
}

TEST(CodecMalformed, NewerFeaturesMayUseWhatIsReserved) {
  for (const Field& features : {layout::compat, layout::ro_compat}) {
    Slot slot{};
    ASSERT_TRUE(codec::encode(plain_record(), slot));
    set(slot, features, std::uint32_t{1});
    set(slot, layout::flags, U16{0x4000});
    for (const Field* reserved :
         {&layout::reserved_a, &layout::reserved_b, &layout::reserved_c, &layout::reserved_d}) {
      set_byte(slot, reserved->offset, 1);
    }
    set_byte(slot, layout::area.end() - 1, 1);
    fix_checks(slot, 0);
    EXPECT_EQ(codec::decode(slot, 0).record, plain_record());
  }
}

struct Breach {
  const char* name;
  std::function<void(Record&)> commit;
};

const Breach breaches[] = {
    {"state none", [](Record& r) { r.state = StoreState::none; }},
    {"state 5", [](Record& r) { r.state = static_cast<StoreState>(5); }},
    {"generation 0", [](Record& r) { r.generation = 0; }},
    {"nil journal", [](Record& r) { r.journal = {}; }},
    {"floor above ceiling", [](Record& r) { r.floor = r.ceiling + 1; }},
    {"ceiling too far", [](Record& r) { r.ceiling = too_far; }},
    {"target too far", [](Record& r) { r.target = too_far; }},
    {"empty tag", [](Record& r) { r.tag = StoreTag{}; }},
    {"tag of 33", [](Record& r) { r.tag = StoreTag{std::vector<std::uint8_t>(33)}; }},
    {"65 members", [](Record& r) { r.view.members.resize(65); }},
    {"label of 17", [](Record& r) { r.view.members[0].label = std::string(17, 'x'); }},
    {"label of no UTF-8", [](Record& r) { r.view.members[0].label = "\xC3"; }},
    {"reason of no UTF-8", [](Record& r) { r.reason = "\xED\xA0\x80"; }},
    {"64 compared", [](Record& r) { r.compared.resize(64); }},
    {"reason of 129", [](Record& r) { r.reason = std::string(129, 'x'); }},
    {"payload of 257", [](Record& r) { r.payload.resize(257); }},
};

/// What decode() would refuse is never written.
TEST(CodecMalformed, EncodeRefusesWhatIsOutOfBounds) {
  for (const Breach& breach : breaches) {
    SCOPED_TRACE(breach.name);
    Record record = plain_record();
    breach.commit(record);
    Slot slot{};
    const auto done = codec::encode(record, slot);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::invalid_argument);
    EXPECT_EQ(codec::encode_folding(record, slot).error().code, Errc::invalid_argument);
  }
}

}  // namespace
}  // namespace storemark
