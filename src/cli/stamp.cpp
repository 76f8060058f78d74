// SPDX-License-Identifier: Apache-2.0
#include "cli/stamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::size_t digest_digits = 8;

/// 64-bit FNV-1a, folded to half: it notices a change, and guards against nobody.
std::uint32_t digest_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

/// The hash of the newest record; it covers all that the record says.
std::string newest_hash(const Examination& seen) {
  for (const SlotReport& slot : seen.slots) {
    if (slot.health == SlotHealth::current && slot.hash) {
      return hex(slot.hash->bytes.data(), slot.hash->bytes.size());
    }
  }
  return "-";
}

/// Everything that the rules look at, and the record it was concluded from.
std::string account_of(const Store& store) {
  if (!store.seen) return "missing";
  const Verdict& verdict = store.seen->verdict;
  const Record record = verdict.record.value_or(Record{});
  return fmt::format("{} {} {} {} {} {} {} {}", state_name(store), verdict.floor, verdict.ceiling,
                     to_string(verdict.certainty), to_string(record.journal), record.generation,
                     to_string(record.view.id), newest_hash(*store.seen));
}

std::optional<std::uint32_t> parse_digest(std::string_view text) {
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (text.size() != digest_digits || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(const Stamp& stamp) {
  if (!stamp.digest) return std::to_string(stamp.sequence);
  return fmt::format("{}.{}.{:08x}", stamp.sequence, stamp.generation, *stamp.digest);
}

std::optional<Stamp> parse_stamp(std::string_view text) {
  const std::size_t first = text.find('.');
  const auto sequence = parse_number(text.substr(0, first));
  if (!sequence) return std::nullopt;
  if (first == std::string_view::npos) return Stamp{*sequence, 0, {}};
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto generation = parse_number(text.substr(first + 1, second - first - 1));
  const auto digest = parse_digest(text.substr(second + 1));
  if (!generation || !digest) return std::nullopt;
  return Stamp{*sequence, *generation, digest};
}

Stamp stamp_of(const Store& store) { return stamp_of(std::vector<const Store*>{&store}); }

Stamp stamp_of(const std::vector<const Store*>& stores) {
  Stamp out;
  std::string account;
  for (const Store* store : stores) {
    account += account_of(*store) + "\n";
    if (!store->seen) continue;
    const Verdict& verdict = store->seen->verdict;
    out.sequence = std::max(out.sequence, verdict.floor);
    if (verdict.record) out.generation = std::max(out.generation, verdict.record->generation);
  }
  out.digest = digest_of(account);
  return out;
}

StampedName parse_stamped(const std::string& text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos || at == 0) return {text, {}};
  auto stamp = parse_stamp(std::string_view(text).substr(at + 1));
  if (!stamp) return {text, {}};
  return {text.substr(0, at), stamp};
}

std::string changed_text(const Stamp& seen, const Stamp& now) {
  std::string out;
  const auto add = [&out](std::string_view what, std::uint64_t from, std::uint64_t to) {
    if (from == to) return;
    out += fmt::format("{}its {} was {}, and is {}", out.empty() ? "" : ", ", what, from, to);
  };
  add("sequence", seen.sequence, now.sequence);
  if (!seen.digest) return out;
  add("generation", seen.generation, now.generation);
  if (out.empty() && seen.digest != now.digest) {
    out = fmt::format(
        "its numbers are the same ({} in generation {}), but not what they were read from: {:08x} "
        "was seen, {:08x} is there",
        now.sequence, now.generation, *seen.digest, now.digest.value_or(0));
  }
  return out;
}

Error changed_error(const std::string& where, const Stamp& seen, const Stamp& now) {
  return {Errc::changed_since,
          "nothing was marked: a store has changed since it was looked at",
          where,
          changed_text(seen, now),
          "plan again, and decide on what is there now",
          0};
}

}  // namespace storemark::cli
