// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/hello_codec.hpp"

#include <boost/endian/conversion.hpp>

#include "text/utf8.hpp"

namespace storemark::corosync_group {
namespace {

class Writer {
 public:
  template <class Integer>
  Writer& integer(Integer value) {
    out_.resize(out_.size() + sizeof value);
    boost::endian::endian_store<Integer, sizeof value, boost::endian::order::little>(
        &out_[out_.size() - sizeof value], value);
    return *this;
  }
  Writer& address(const Address& value) { return integer(value.nodeid).integer(value.pid); }
  Writer& text(std::string_view value) {
    integer(static_cast<std::uint8_t>(value.size()));
    out_.insert(out_.end(), value.begin(), value.end());
    return *this;
  }
  [[nodiscard]] ByteView bytes() const { return out_; }

 private:
  Bytes out_;
};

/// Past the end everything is zero, and whole() is false.
class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  template <class Integer>
  Integer integer() {
    const auto taken = raw(sizeof(Integer));
    if (taken.empty()) return 0;
    return boost::endian::endian_load<Integer, sizeof(Integer), boost::endian::order::little>(
        taken.data());
  }
  Address address() {
    const auto nodeid = integer<std::uint32_t>();
    return {nodeid, integer<std::uint32_t>()};
  }
  std::string text(std::size_t bound) {
    const std::size_t size = integer<std::uint8_t>();
    require(size <= bound);
    const auto taken = raw(size);
    std::string out(taken.begin(), taken.end());
    require(is_utf8(out));
    return out;
  }
  std::size_t count(std::size_t bound) {
    const std::size_t out = integer<std::uint16_t>();
    require(out <= bound);
    return good_ ? out : 0;
  }
  void require(bool holds) { good_ = good_ && holds; }
  /// Everything was there, and nothing more.
  [[nodiscard]] bool whole() const { return good_ && bytes_.empty(); }

 private:
  ByteView raw(std::size_t size) {
    require(size <= bytes_.size());
    const auto taken = good_ ? bytes_.first(size) : ByteView();
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

  ByteView bytes_;
  bool good_ = true;
};

template <class T>
std::optional<T> if_whole(const Reader& reader, T value) {
  if (!reader.whole()) return std::nullopt;
  return value;
}

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
  return in_envelope(MessageType::hello, out.bytes());
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
  out.name = reader.text(max_name_bytes);
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
  return in_envelope(MessageType::exclude, out.bytes());
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
