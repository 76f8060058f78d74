// SPDX-License-Identifier: Apache-2.0
#include "cli/audit.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/small_file.hpp"

namespace storemark::cli {
namespace {

using Line = nlohmann::json;

std::string text_of(const Line& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number_of(const Line& json, const char* name) {
  const auto found = json.find(name);
  const bool number = found != json.end() && found->is_number_unsigned();
  return number ? found->get<std::uint64_t>() : 0;
}

std::optional<AuditEntry> entry_of(std::string_view line) {
  const Line json = Line::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  AuditEntry out{text_of(json, "when"),       text_of(json, "word"),
                 text_of(json, "who"),        text_of(json, "reason"),
                 number_of(json, "sequence"), number_of(json, "generation")};
  if (out.word.empty()) return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::string> read_audit(const std::string& directory) {
  const std::string path = (std::filesystem::path(directory) / audit_file_name).string();
  auto part = read_end(path, most_audit_bytes);
  if (!part) return std::nullopt;
  if (part->whole) return std::move(part->bytes);
  const std::size_t line = part->bytes.find('\n');
  return line == std::string::npos ? std::string() : part->bytes.substr(line + 1);
}

AuditLog parse_audit(std::string_view text) {
  AuditLog out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty()) continue;
    if (auto entry = entry_of(line)) {
      out.entries.push_back(std::move(*entry));
    } else {
      ++out.unreadable;
    }
  }
  return out;
}

}  // namespace storemark::cli
