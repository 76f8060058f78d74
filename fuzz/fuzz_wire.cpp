// SPDX-License-Identifier: Apache-2.0
// Any bytes as a message of the restart protocol, as they are and with the envelope set right.
#include <cstring>

#include "journal/bytes.hpp"
#include "require.hpp"
#include "restart/wire.hpp"
#include "restart/wire_layout.hpp"
#include "text/utf8.hpp"

namespace storemark::wire {
namespace {

using fuzz::require;
using Bytes = std::vector<std::uint8_t>;

void check_announce(const Announce& announce) {
  const Announcement& member = announce.member;
  require(member.floor <= member.ceiling && member.ceiling <= max_sequence, "floor and ceiling");
  require(member.label.size() <= max_label_bytes && is_utf8(member.label), "a label");
  require(announce.address.size() <= max_address, "an address");
  require(member.view.members.size() <= max_members, "members");
  require(member.history.size() <= max_history, "history");
  require(member.compared.size() <= max_compared, "compared");
  require(member.kind <= MemberKind::transient && member.state <= StoreState::clean &&
              member.diagnosis <= Diagnosis::foreign && member.certainty <= Certainty::at_least &&
              member.restore <= RestorePolicy::latest && member.found <= FoundPolicy::never &&
              member.quorum <= QuorumPolicy::required,
          "an enumerator");
  for (const Member& one : member.view.members) {
    require(one.label.size() <= max_label_bytes && is_utf8(one.label), "a member's label");
    require(one.sequence <= max_sequence, "a member's sequence");
  }
  for (std::size_t i = 0; i < member.history.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      require(member.history[j].view != member.history[i].view, "a view twice");
      require(member.history[j].from <= member.history[i].from, "a history that goes backwards");
    }
  }
}

void check(const Bytes& bytes) {
  const auto message = decode(bytes);
  if (!message) {
    require(!message.error().empty() && message.error().size() < 100, "a reason");
    return;
  }
  require(encode(*message) == bytes, "it encodes to the same bytes again");
  if (const auto* announce = std::get_if<Announce>(&*message)) check_announce(*announce);
  require(!decode(std::span(bytes).first(bytes.size() - 1)), "a cut message is refused");
}

/// A byte changed at random breaks the checksum and nothing else is learnt.
void set_envelope(Bytes& bytes) {
  bytes.resize(std::max(bytes.size(), layout::envelope_bytes));
  auto* const begin = reinterpret_cast<std::byte*>(bytes.data());
  std::memcpy(begin, layout::magic_bytes.data(), layout::magic_bytes.size());
  codec::put(begin + layout::envelope::version.offset, protocol_version);
  const auto body = static_cast<std::uint32_t>(bytes.size() - layout::envelope_bytes);
  codec::put(begin + layout::envelope::length.offset, body);
  const std::size_t hashed = bytes.size() - layout::check_bytes;
  codec::put(begin + hashed,
             std::uint64_t{XXH3_64bits_withSeed(begin, hashed, layout::check_seed)});
}

}  // namespace
}  // namespace storemark::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> bytes(data, data + size);
  storemark::wire::check(bytes);
  storemark::wire::set_envelope(bytes);
  storemark::wire::check(bytes);
  return 0;
}
