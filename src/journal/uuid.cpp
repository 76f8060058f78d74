// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <storemark/ids.hpp>
#include <string>

#include "journal/errors.hpp"

namespace storemark {
namespace {

constexpr std::size_t text_size = 36;

bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Uuid new_uuid() {
  boost::uuids::random_generator_pure generate;  // the kernel's own generator, safe after fork
  const boost::uuids::uuid made = generate();
  Uuid out;
  std::copy(made.begin(), made.end(), out.bytes.begin());
  return out;
}

Result<Uuid> parse_uuid(std::string_view text) {
  const auto refuse = [&] {
    return fail(Errc::invalid_argument, "the UUID could not be read",
                std::string(text.substr(0, 2 * text_size)), "it is not spelt as a UUID is",
                "write it as 8-4-4-4-12 hexadecimal digits");
  };
  // Boost's reader takes other spellings too; a UUID in a command is typed in one.
  if (text.size() != text_size) return refuse();
  Uuid out;
  std::size_t nibbles = 0;
  for (std::size_t i = 0; i < text_size; ++i) {
    if (is_dash_place(i)) {
      if (text[i] != '-') return refuse();
      continue;
    }
    const int value = digit(text[i]);
    if (value < 0) return refuse();
    std::uint8_t& byte = out.bytes.at(nibbles / 2);
    byte = static_cast<std::uint8_t>((byte << 4) | value);
    ++nibbles;
  }
  return out;
}

std::string to_string(const Uuid& uuid) {
  boost::uuids::uuid out;
  std::copy(uuid.bytes.begin(), uuid.bytes.end(), out.begin());
  return boost::uuids::to_string(out);
}

}  // namespace storemark
