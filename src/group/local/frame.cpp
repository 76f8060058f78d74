// SPDX-License-Identifier: Apache-2.0
#include "group/local/frame.hpp"

#include <xxhash.h>

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstring>

namespace storemark::local_group {
namespace {

using boost::endian::load_little_u32;
using boost::endian::load_little_u64;
using boost::endian::store_little_u32;
using boost::endian::store_little_u64;

constexpr std::size_t version_at = 4;
constexpr std::size_t type_at = 5;
constexpr std::size_t zero_at = 6;
constexpr std::size_t length_at = 8;
constexpr std::size_t check_at = 12;
static_assert(check_at + sizeof(std::uint64_t) == head_bytes);

/// Over the body; type and length are in the seed, so that neither can be exchanged.
std::uint64_t check_of(std::uint8_t type, ByteView body) {
  return XXH3_64bits_withSeed(body.data(), body.size(), (body.size() << 8) | type);
}

void append(Bytes& out, ByteView part) { out.insert(out.end(), part.begin(), part.end()); }

}  // namespace

Bytes make_frame(FrameType type, ByteView first, ByteView second) {
  Bytes out;
  out.reserve(head_bytes + first.size() + second.size());
  out.resize(head_bytes);
  append(out, first);
  append(out, second);
  const auto body = ByteView(out).subspan(head_bytes);
  const auto number = static_cast<std::uint8_t>(type);
  store_little_u32(out.data(), frame_magic);
  out[version_at] = protocol_version;
  out[type_at] = number;
  store_little_u32(&out[length_at], static_cast<std::uint32_t>(body.size()));
  store_little_u64(&out[check_at], check_of(number, body));
  return out;
}

std::string_view words_for(FrameFault fault) noexcept {
  switch (fault) {
    case FrameFault::none:
      return "nothing is wrong";
    case FrameFault::not_ours:
      return "it speaks no protocol of ours";
    case FrameFault::version:
      return "it speaks another version of the protocol";
    case FrameFault::length:
      return "it announced a longer frame than there is";
    case FrameFault::damaged:
      return "a frame of it does not match its checksum";
  }
  return "unknown";
}

std::span<std::uint8_t> FrameReader::room(std::size_t size) {
  if (buffer_.size() - end_ < size) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (buffer_.size() - end_ < size) buffer_.resize(end_ + size);
  }
  return std::span(buffer_).subspan(end_);
}

FrameReader::Next FrameReader::fail(FrameFault fault) noexcept {
  fault_ = fault;
  return Next::fault;
}

FrameReader::Next FrameReader::next(Frame& frame) {
  if (fault_ != FrameFault::none) return Next::fault;
  const auto come = ByteView(buffer_).subspan(begin_, end_ - begin_);
  // Each field as soon as it is there: a stranger is told from a slow friend at once.
  if (come.size() >= version_at && load_little_u32(come.data()) != frame_magic) {
    return fail(FrameFault::not_ours);
  }
  if (come.size() > version_at && come[version_at] != protocol_version) {
    return fail(FrameFault::version);
  }
  if (come.size() < head_bytes) return Next::more;
  if (come[zero_at] != 0 || come[zero_at + 1] != 0) return fail(FrameFault::damaged);
  const std::size_t length = load_little_u32(&come[length_at]);
  if (length > max_body_bytes) return fail(FrameFault::length);
  if (come.size() < head_bytes + length) return Next::more;
  const auto body = come.subspan(head_bytes, length);
  if (load_little_u64(&come[check_at]) != check_of(come[type_at], body)) {
    return fail(FrameFault::damaged);
  }
  frame = {static_cast<FrameType>(come[type_at]), body};
  begin_ += head_bytes + length;
  return Next::frame;
}

}  // namespace storemark::local_group
