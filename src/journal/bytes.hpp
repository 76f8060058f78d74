// SPDX-License-Identifier: Apache-2.0
// Little-endian fields and hashes: what codec.cpp and sections.cpp share.
#pragma once

#include <xxhash.h>

#include <boost/endian/conversion.hpp>
#include <cstring>
#include <span>

#include "journal/layout.hpp"

namespace storemark::codec {

template <class Integer>
void put(std::byte* at, Integer value) {
  boost::endian::native_to_little_inplace(value);
  std::memcpy(at, &value, sizeof value);
}

template <class Integer>
Integer get(const std::byte* at) {
  Integer value;
  std::memcpy(&value, at, sizeof value);
  return boost::endian::little_to_native(value);
}

/// A byte at a time, this alone would take a third of an examination.
inline bool all_zero(std::span<const std::byte> bytes) {
  return bytes.empty() || (bytes.front() == std::byte{0} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

template <class Bytes16>
void put_bytes(std::byte* at, const Bytes16& value) {
  std::memcpy(at, value.bytes.data(), value.bytes.size());
}

template <class Bytes16>
Bytes16 get_bytes(const std::byte* at) {
  Bytes16 value;
  std::memcpy(value.bytes.data(), at, value.bytes.size());
  return value;
}

/// Low half first, each half little-endian.
inline BodyHash to_bytes(XXH128_hash_t hash) {
  BodyHash out;
  put(reinterpret_cast<std::byte*>(out.bytes.data()), static_cast<std::uint64_t>(hash.low64));
  put(reinterpret_cast<std::byte*>(out.bytes.data()) + 8, static_cast<std::uint64_t>(hash.high64));
  return out;
}

}  // namespace storemark::codec
