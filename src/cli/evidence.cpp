// SPDX-License-Identifier: Apache-2.0
#include "cli/evidence.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>
#include <storemark/version.hpp>

#include "cli/audit.hpp"
#include "cli/filesystem.hpp"
#include "cli/small_file.hpp"
#include "cli/text.hpp"
#include "cli/who.hpp"

namespace storemark::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_bytes = 4096;
constexpr std::size_t most_looked_at = 1024 * 1024;  // a journal of ours has less

Json tool_json() { return {{"version", version()}, {"format", format_version}}; }

Json host_json() {
  struct utsname name {};
  const bool known = uname(&name) == 0;
  const auto text = [known](const char* value) { return known ? Json(value) : Json(); };
  return {{"name", host_name()},
          {"system", text(name.sysname)},
          {"kernel", text(name.release)},
          {"kernel_version", text(name.version)},
          {"machine", text(name.machine)}};
}

Json filesystem_json(const std::string& directory) {
  const auto facts = filesystem_facts(directory);
  return facts ? to_json(*facts) : Json();
}

/// Every block of the file that is not all zeros, wherever it stands: a later format too.
Json blocks_json(const std::string& directory) {
  const std::string path = (fs::path(directory) / journal_file_name).string();
  const auto bytes = read_at(path, 0, most_looked_at);
  if (!bytes) return {};
  Json out = Json::object();
  out["block_bytes"] = block_bytes;
  out["looked_at_bytes"] = bytes->size();
  out["base64"] = Json::array();
  bool all = true;
  for (std::size_t at = 0; at < bytes->size(); at += block_bytes) {
    const std::string_view block = std::string_view(*bytes).substr(at, block_bytes);
    if (block.find_first_not_of('\0') == std::string_view::npos) continue;
    all = out["base64"].size() < most_blocks;
    if (!all) break;
    out["base64"].push_back({{"offset", at}, {"bytes", base64(block)}});
  }
  out["all"] = all;
  return out;
}

std::string_view kind_of(mode_t mode) {
  if (S_ISREG(mode)) return "file";
  if (S_ISDIR(mode)) return "directory";
  return S_ISLNK(mode) ? "link" : "other";
}

Json entry_json(const fs::path& path) {
  struct stat stat {};
  Json out{{"name", path.filename().string()}};
  const bool known = lstat(path.c_str(), &stat) == 0;
  out["kind"] = known ? Json(kind_of(stat.st_mode)) : Json();
  out["bytes"] = known ? Json(stat.st_size) : Json();
  out["changed"] = known ? Json(rfc3339(stat.st_mtim.tv_sec * 1'000'000'000)) : Json();
  return out;
}

Json listing_json(const std::string& directory) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator at(directory, error);
  bool all = true;
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    all = entries.size() < most_entries;
    if (!all) break;
    entries.push_back(at->path());
  }
  std::sort(entries.begin(), entries.end());
  Json out{{"entries", Json::array()}, {"all", all}, {"problem", Json()}};
  if (error) out["problem"] = error.message();
  for (const fs::path& entry : entries) out["entries"].push_back(entry_json(entry));
  return out;
}

}  // namespace

Json evidence_of(const std::string& directory) {
  Json out = Json::object();
  out["tool"] = tool_json();
  out["host"] = host_json();
  out["filesystem"] = filesystem_json(directory);
  out["listing"] = listing_json(directory);
  const auto audit = read_audit(directory);
  out["audit"] = audit ? Json(*audit) : Json();
  out["journal_file"] = blocks_json(directory);
  return out;
}

std::optional<std::string> audit_in(const Json& evidence) {
  const auto found = evidence.find("audit");
  if (found == evidence.end() || !found->is_string()) return std::nullopt;
  std::string out = found->get<std::string>();
  if (out.size() > most_audit_bytes) out.resize(most_audit_bytes);
  return out;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t i) -> unsigned {
      return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U;
    };
    const unsigned group = byte(0) << 16U | byte(1) << 8U | byte(2);
    out += digits[group >> 18U];
    out += digits[group >> 12U & 63U];
    out += at + 1 < bytes.size() ? digits[group >> 6U & 63U] : '=';
    out += at + 2 < bytes.size() ? digits[group & 63U] : '=';
  }
  return out;
}

}  // namespace storemark::cli
