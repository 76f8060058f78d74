// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/hello_codec.hpp"

#include "group/packed.hpp"
#include "text/utf8.hpp"

namespace storemark::corosync_group {
namespace {

class Writer : public PackedWriter<Writer> {
 public:
  Writer& address(const Address& value) { return integer(value.nodeid).integer(value.pid); }
  Writer& ring(const RingId& value) { return integer(value.nodeid).integer(value.seq); }
};

class Reader : public PackedReader {
 public:
  using PackedReader::PackedReader;

  Address address() {
    const auto nodeid = integer<std::uint32_t>();
    return {nodeid, integer<std::uint32_t>()};
  }
  RingId ring() {
    const auto nodeid = integer<std::uint32_t>();
    return {nodeid, integer<std::uint64_t>()};
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
  out.ring(hello.ring).integer(static_cast<std::uint8_t>(hello.quorum)).text(hello.name);
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
  out.ring = reader.ring();
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

Bytes encode(const Agree& agree) {
  Writer out;
  out.integer(static_cast<std::uint16_t>(agree.hellos.size()));
  for (const Counted& one : agree.hellos) out.address(one.from).integer(one.counter);
  return in_envelope(MessageType::agree, out.take());
}

std::optional<Agree> decode_agree(ByteView body) {
  Reader reader(body);
  Agree out;
  for (std::size_t left = reader.count(max_agreed); left > 0; --left) {
    const Address from = reader.address();
    out.hellos.push_back({from, reader.integer<std::uint64_t>()});
  }
  return if_whole(reader, std::move(out));
}

Bytes encode(const Exclude& exclude) {
  Writer out;
  out.address(exclude.who).ring(exclude.ring).integer(exclude.counter);
  out.integer(static_cast<std::uint8_t>(exclude.missing));
  return in_envelope(MessageType::exclude, out.take());
}

std::optional<Exclude> decode_exclude(ByteView body) {
  Reader reader(body);
  Exclude out;
  out.who = reader.address();
  out.ring = reader.ring();
  out.counter = reader.integer<std::uint64_t>();
  out.missing = static_cast<MessageType>(reader.integer<std::uint8_t>());
  reader.require(out.missing == MessageType::hello || out.missing == MessageType::agree);
  return if_whole(reader, out);
}

Bytes encode_renew() { return in_envelope(MessageType::renew, {}); }

}  // namespace storemark::corosync_group
