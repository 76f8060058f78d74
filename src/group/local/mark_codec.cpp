// SPDX-License-Identifier: Apache-2.0
#include "group/local/mark_codec.hpp"

#include <xxhash.h>

#include <algorithm>
#include <boost/endian/conversion.hpp>

namespace storemark::local_group {
namespace {

using boost::endian::load_little_u64;
using boost::endian::store_little_u64;

constexpr std::uint64_t mark_magic = 0x314B52414D474D53;  // "SMGMARK1"
constexpr std::size_t group_at = 8;
constexpr std::size_t term_at = 24;
constexpr std::size_t view_term_at = 32;
constexpr std::size_t view_number_at = 40;
constexpr std::size_t mark_check_at = 48;
static_assert(mark_check_at + 8 == std::tuple_size_v<MarkBytes>);

}  // namespace

MarkBytes encode_mark(const Mark& mark) {
  MarkBytes out{};
  store_little_u64(out.data(), mark_magic);
  std::ranges::copy(mark.group.bytes, &out[group_at]);
  store_little_u64(&out[term_at], mark.term);
  store_little_u64(&out[view_term_at], mark.view_term);
  store_little_u64(&out[view_number_at], mark.view_number);
  store_little_u64(&out[mark_check_at], XXH3_64bits(out.data(), mark_check_at));
  return out;
}

std::optional<Mark> decode_mark(const MarkBytes& bytes) {
  if (load_little_u64(bytes.data()) != mark_magic) return std::nullopt;
  if (load_little_u64(&bytes[mark_check_at]) != XXH3_64bits(bytes.data(), mark_check_at))
    return std::nullopt;
  Mark out;
  std::copy_n(&bytes[group_at], out.group.bytes.size(), out.group.bytes.begin());
  out.term = load_little_u64(&bytes[term_at]);
  out.view_term = load_little_u64(&bytes[view_term_at]);
  out.view_number = load_little_u64(&bytes[view_number_at]);
  return out;
}

}  // namespace storemark::local_group
