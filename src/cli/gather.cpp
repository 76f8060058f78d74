// SPDX-License-Identifier: Apache-2.0
#include "cli/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/audit.hpp"
#include "cli/output.hpp"
#include "cli/remote.hpp"
#include "cli/saved.hpp"
#include "cli/who.hpp"

namespace storemark::cli {
namespace {

namespace fs = std::filesystem;

std::string absolute_path(const std::string& name) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(name, error);
  if (error) path = fs::absolute(name, error);
  return error ? name : path.string();
}

/// HOST:DIR, where nothing of that name is here.
bool is_remote(const std::string& name) {
  std::error_code error;
  const std::size_t colon = name.find(':');
  return colon != std::string::npos && colon > 0 && colon + 1 < name.size() &&
         name.find('/') > colon && !fs::exists(fs::symlink_status(name, error));
}

Result<std::vector<Store>> look_at_one(const std::string& name, const std::string& rsh,
                                       Depth depth) {
  if (name.empty()) {
    return tl::unexpected<Error>({Errc::invalid_argument, "no store was looked at", "STORE",
                                  "its name is empty", "name a data directory", 0});
  }
  if (is_remote(name)) return look_at_host(name, rsh, depth);
  std::error_code error;
  if (!fs::is_regular_file(name, error)) {
    std::vector<Store> one{look_at_directory(name)};
    if (depth == Depth::everything) one.front().audit = read_audit(name);
    return one;
  }
  if (fs::path(name).filename() == journal_file_name) {
    return tl::unexpected<Error>(
        {Errc::invalid_argument, "no store was looked at", name, "this is the journal itself",
         fmt::format("name its directory: {}", fs::absolute(name, error).parent_path().string()),
         0});
  }
  return read_saved(name);
}

}  // namespace

std::size_t count_others(const std::string& directory) {
  constexpr std::size_t enough = 1000;
  std::size_t count = 0;
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  for (; !error && entry != fs::directory_iterator() && count < enough; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with("storemark.") && name != "lost+found") ++count;
  }
  return count;
}

Store look_at_directory(const std::string& name) {
  Store store;
  store.name = name;
  store.directory = absolute_path(name);
  store.address = fmt::format("{}:{}", host_name(), store.directory);
  store.seen = examine(name);
  if (store.seen && store.seen->verdict.diagnosis == Diagnosis::absent) {
    store.others = count_others(name);
  }
  return store;
}

void add_once(std::vector<Store>& stores, std::vector<Store> more) {
  for (Store& store : more) {
    const auto same = [&store](const Store& other) {
      return other.host == store.host && other.file == store.file &&
             other.directory == store.directory;
    };
    if (std::any_of(stores.begin(), stores.end(), same)) {
      remark(fmt::format("{} was named twice; it is shown once", store.name));
    } else {
      stores.push_back(std::move(store));
    }
  }
}

Result<std::vector<Store>> look_at(const std::vector<std::string>& names, const std::string& rsh,
                                   Depth depth) {
  std::vector<Store> out;
  for (const std::string& name : names) {
    auto found = look_at_one(name, rsh, depth);
    if (!found) return tl::unexpected<Error>(found.error());
    add_once(out, std::move(*found));
  }
  return out;
}

}  // namespace storemark::cli
