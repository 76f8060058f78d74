// SPDX-License-Identifier: Apache-2.0
// What the groups' messages are made of, one thing behind the other, little-endian.
#pragma once

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <storemark/ids.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace storemark {

/// Appends. `Derived` adds what its messages have besides.
template <class Derived>
class PackedWriter {
 public:
  template <class Integer>
  Derived& integer(Integer value) {
    out_.resize(out_.size() + sizeof value);
    boost::endian::endian_store<Integer, sizeof value, boost::endian::order::little>(
        &out_[out_.size() - sizeof value], value);
    return self();
  }
  Derived& uuid(const Uuid& value) { return raw(value.bytes); }
  /// Its length in one byte before it: at most 255 bytes.
  Derived& text(std::string_view value) {
    integer(static_cast<std::uint8_t>(value.size()));
    out_.insert(out_.end(), value.begin(), value.end());
    return self();
  }
  Derived& raw(std::span<const std::uint8_t> value) {
    out_.insert(out_.end(), value.begin(), value.end());
    return self();
  }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(out_); }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }
  std::vector<std::uint8_t> out_;
};

/// Front to back. Past the end everything is zero, and good() is false. The bytes must stay.
class PackedReader {
 public:
  explicit PackedReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  template <class Integer>
  Integer integer() {
    const auto taken = raw(sizeof(Integer));
    if (taken.empty()) return 0;
    return boost::endian::endian_load<Integer, sizeof(Integer), boost::endian::order::little>(
        taken.data());
  }
  Uuid uuid() {
    Uuid out;
    std::ranges::copy(raw(out.bytes.size()), out.bytes.begin());
    return out;
  }
  std::string text(std::size_t bound) {
    const std::size_t size = integer<std::uint8_t>();
    require(size <= bound);
    const auto taken = raw(size);
    return {taken.begin(), taken.end()};
  }
  std::span<const std::uint8_t> raw(std::size_t size) {
    require(size <= bytes_.size());
    const auto taken = good_ ? bytes_.first(size) : std::span<const std::uint8_t>();
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }
  std::span<const std::uint8_t> rest() { return raw(bytes_.size()); }

  void require(bool holds) { good_ = good_ && holds; }
  [[nodiscard]] bool good() const { return good_; }
  /// Everything was there, and nothing more.
  [[nodiscard]] bool whole() const { return good_ && bytes_.empty(); }

 private:
  std::span<const std::uint8_t> bytes_;
  bool good_ = true;
};

template <class T>
std::optional<T> if_whole(const PackedReader& reader, T value) {
  if (!reader.whole()) return std::nullopt;
  return value;
}

}  // namespace storemark
