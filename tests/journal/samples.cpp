// SPDX-License-Identifier: Apache-2.0
#include "journal/samples.hpp"

#include <ostream>
#include <string>

namespace storemark::test {
namespace {

template <class IdType>
rc::Gen<IdType> any_id() {
  return rc::gen::map(rc::gen::arbitrary<std::array<std::uint8_t, 16>>(), [](const auto& bytes) {
    Uuid uuid;
    uuid.bytes = bytes;
    return IdType(uuid);
  });
}

rc::Gen<std::uint64_t> any_sequence() {
  return rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 1000),
                        rc::gen::inRange<std::uint64_t>(0, max_sequence),
                        rc::gen::just(max_sequence));
}

/// UTF-8 of at most so many bytes.
rc::Gen<std::string> any_text(std::size_t most) {
  return rc::gen::exec([most] {
    const auto size = *rc::gen::inRange<std::size_t>(0, most + 1);
    std::string text;
    while (text.size() < size) {
      const auto character =
          *rc::gen::element<std::string>("a", "Z", " ", "\n", std::string(1, '\0'), "\xC3\xA9",
                                         "\xE2\x82\xAC", "\xF0\x9F\x90\xB0");
      if (text.size() + character.size() > size) break;
      text += character;
    }
    return text;
  });
}

template <class T>
rc::Gen<std::vector<T>> some_of(std::size_t most, rc::Gen<T> gen) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, most + 1), [gen](std::size_t size) {
    return rc::gen::container<std::vector<T>>(size, gen);
  });
}

Member a_member() {
  return {*any_id<MemberId>(), *any_text(max_label_bytes), *rc::gen::arbitrary<std::uint64_t>()};
}
HistoryEntry a_view() {
  return {*any_id<ViewId>(), *rc::gen::arbitrary<std::uint64_t>(),
          *rc::gen::arbitrary<std::uint16_t>()};
}

/// Compared stores name members and views of the record, or others: both are spelt differently.
Compared a_comparison(const Record& record) {
  Compared out{*any_id<MemberId>(), *any_id<ViewId>(), *rc::gen::arbitrary<std::uint64_t>()};
  if (!record.view.members.empty() && *rc::gen::arbitrary<bool>()) {
    out.id = rc::gen::elementOf(record.view.members).operator*().id;
  }
  if (!record.history.empty() && *rc::gen::arbitrary<bool>()) {
    out.view = rc::gen::elementOf(record.history).operator*().view;
  }
  return out;
}

Record a_record() {
  Record r;
  r.journal =
      *rc::gen::suchThat(any_id<JournalId>(), [](const JournalId& id) { return !id.is_nil(); });
  r.member = *any_id<MemberId>();
  r.generation = *rc::gen::nonZero<std::uint64_t>();
  r.parent.bytes = (*any_id<Uuid>()).bytes;
  r.incarnation = *any_id<Incarnation>();
  r.initial = *any_id<InitialUuid>();
  r.final = *any_id<FinalUuid>();
  r.state = static_cast<StoreState>(*rc::gen::inRange(1, 5));
  r.sole = *rc::gen::arbitrary<bool>();
  r.marked = *rc::gen::arbitrary<bool>();
  r.discard = *rc::gen::arbitrary<bool>();
  r.adopted = *rc::gen::arbitrary<bool>();
  r.unproven = *rc::gen::arbitrary<bool>();
  r.ceiling = *any_sequence();
  r.floor = std::min(*any_sequence(), r.ceiling);
  if (*rc::gen::arbitrary<bool>()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, max_tag_bytes + 1);
    r.tag = StoreTag{
        *rc::gen::container<std::vector<std::uint8_t>>(size, rc::gen::arbitrary<std::uint8_t>())};
  }
  r.donor = *any_id<MemberId>();
  r.target = *any_sequence();
  r.mark_held = *rc::gen::arbitrary<std::uint64_t>();
  r.mark_raised = *rc::gen::arbitrary<std::uint64_t>();
  r.wall_clock = *rc::gen::arbitrary<std::int64_t>();
  r.folded = *rc::gen::arbitrary<std::uint32_t>();
  r.history_digest.bytes = (*any_id<Uuid>()).bytes;
  r.view.id = *any_id<ViewId>();
  r.view.members = *some_of(max_members, rc::gen::exec(a_member));
  r.history = *some_of(max_history, rc::gen::exec(a_view));
  r.compared = *some_of(max_compared, rc::gen::exec([&r] { return a_comparison(r); }));
  r.reason = *any_text(max_reason_bytes);
  r.payload = *some_of(max_payload_bytes, rc::gen::arbitrary<std::uint8_t>());
  return r;
}

}  // namespace

Uuid numbered(std::uint64_t n) {
  Uuid out;
  out.bytes[0] = static_cast<std::uint8_t>(n);
  out.bytes[6] = 0x40;
  out.bytes[8] = 0x80;
  for (std::size_t i = 0; i < 4; ++i) {
    out.bytes.at(15 - i) = static_cast<std::uint8_t>(n >> (8 * i));
  }
  return out;
}

Record plain_record() {
  Record r;
  r.journal = id<JournalId>(1);
  r.member = id<MemberId>(2);
  r.incarnation = id<Incarnation>(3);
  r.initial = id<InitialUuid>(4);
  r.generation = 1;
  r.state = StoreState::dirty;
  r.floor = 10;
  r.ceiling = 20;
  r.wall_clock = 1'767'225'600'000'000'000;  // 2026-01-01
  r.view.id = id<ViewId>(5);
  r.view.members = {{r.member, "one", 10}, {id<MemberId>(6), "two", 9}, {id<MemberId>(7), "", 0}};
  r.history = {{r.view.id, 7, 3}};
  return r;
}

Record full_record() {
  Record r = plain_record();
  r.parent.bytes = numbered(8).bytes;
  r.final = id<FinalUuid>(9);
  r.state = StoreState::clean;
  r.sole = r.marked = r.discard = r.adopted = r.unproven = true;
  r.tag = StoreTag{std::vector<std::uint8_t>(max_tag_bytes, 0xA5)};
  r.donor = id<MemberId>(10);
  r.target = 11;
  r.mark_held = 12;
  r.mark_raised = 13;
  r.folded = 14;
  r.history_digest.bytes = numbered(15).bytes;
  r.view.members.clear();
  for (std::uint64_t i = 0; i < max_members; ++i) {
    r.view.members.push_back({id<MemberId>(100 + i), "sixteen byte " + std::to_string(100 + i), i});
  }
  r.history.clear();
  for (std::uint64_t i = 0; i < 12; ++i) {
    r.history.push_back({id<ViewId>(200 + i), 10 * i, static_cast<std::uint16_t>(i)});
  }
  r.compared = {{id<MemberId>(101), id<ViewId>(201), 7}, {id<MemberId>(300), id<ViewId>(301), 8}};
  r.reason = std::string(max_reason_bytes, 'r');
  for (std::size_t i = 0; i < max_payload_bytes; ++i) {
    r.payload.push_back(static_cast<std::uint8_t>(i));
  }
  return r;
}

rc::Gen<Record> any_record() { return rc::gen::exec(a_record); }

}  // namespace storemark::test

namespace storemark {

void showValue(const Record& record, std::ostream& os) {
  os << "record: generation " << record.generation << ", " << to_string(record.state) << ", floor "
     << record.floor << ", ceiling " << record.ceiling << ", " << record.view.members.size()
     << " members, " << record.history.size() << " views, " << record.compared.size()
     << " compared, reason of " << record.reason.size() << " bytes, payload of "
     << record.payload.size();
}

}  // namespace storemark
