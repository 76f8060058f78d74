// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/hello_codec.hpp"

#include "group/packed.hpp"
#include "text/utf8.hpp"

namespace storemark::corosync_group {
namespace {

class Writer : public PackedWriter<Writer> {
 public:
  Writer& address(const Address& value) { return integer(value.nodeid).integer(value.pid); }
};

class Reader : public PackedReader {
 public:
  using PackedReader::PackedReader;

  Address address() {
    const auto nodeid = integer<std::uint32_t>();
    return {nodeid, integer<std::uint32_t>()};
  }
  std::string name() {
    std::string out = text(max_name_bytes);
    require(is_utf8(out));
    return out;
  }
  std::size_t count(std::size_t bound) {
    const std::size_t out = integer<std::uint16_t>();
    require(out <= bound);
    return good() ? out : 0;
  }
};

}  // namespace

Bytes encode(const Hello& hello) {
  Writer out;
  out.integer(hello.identity).integer(hello.counter);
  out.integer(hello.ring.nodeid).integer(hello.ring.seq);
  out.integer(static_cast<std::uint8_t>(hello.quorum)).text(hello.name);
  out.integer(static_cast<std::uint16_t>(hello.excluded.size()));
  for (const Address& who : hello.excluded) out.address(who);
  out.integer(static_cast<std::uint16_t>(hello.stretches.size()));
  for (const Stretch& one : hello.stretches) out.integer(one.digest).integer(one.certain);
  return in_envelope(MessageType::hello, out.take());
}

std::optional<Hello> decode_hello(ByteView body) {
  Reader reader(body);
  Hello out;
  out.identity = reader.integer<std::uint64_t>();
  out.counter = reader.integer<std::uint64_t>();
  reader.require(out.identity > 0 && out.identity <= max_identity && out.counter > 0);
  out.ring.nodeid = reader.integer<std::uint32_t>();
  out.ring.seq = reader.integer<std::uint64_t>();
  const auto quorum = reader.integer<std::uint8_t>();
  reader.require(quorum <= static_cast<std::uint8_t>(Quorum::yes));
  out.quorum = static_cast<Quorum>(quorum);
  out.name = reader.name();
  for (std::size_t left = reader.count(max_excluded); left > 0; --left) {
    out.excluded.push_back(reader.address());
  }
  for (std::size_t left = reader.count(max_stretches); left > 0; --left) {
    const auto digest = reader.integer<std::uint64_t>();
    out.stretches.push_back({digest, reader.integer<std::uint64_t>()});
  }
  return if_whole(reader, std::move(out));
}

Bytes encode(const Exclude& exclude) {
  Writer out;
  out.address(exclude.who).integer(exclude.counter);
  return in_envelope(MessageType::exclude, out.take());
}

std::optional<Exclude> decode_exclude(ByteView body) {
  Reader reader(body);
  Exclude out;
  out.who = reader.address();
  out.counter = reader.integer<std::uint64_t>();
  return if_whole(reader, out);
}

Bytes encode_renew() { return in_envelope(MessageType::renew, {}); }

}  // namespace storemark::corosync_group
