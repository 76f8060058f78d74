// SPDX-License-Identifier: Apache-2.0
#include "cli/filesystem.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "cli/system_error.hpp"

namespace storemark::cli {
namespace {

namespace fs = std::filesystem;

struct Mount {
  std::string point;
  std::string type;
  std::string source;
  std::string options;
};

/// mountinfo spells blanks and backslashes in octal.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && i + 3 < text.size() && digit(i + 1) && digit(i + 2) && digit(i + 3)) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                               (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// "36 35 98:0 /root /point options [tags] - type source super-options"
std::optional<Mount> mount_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (words.size() < 6 || words.end() - dash < 4) return std::nullopt;
  return Mount{unescaped(words[4]), dash[1], unescaped(dash[2]), words[5] + "," + dash[3]};
}

bool is_below(const std::string& path, const std::string& point) {
  if (point == "/") return true;
  return path == point || path.starts_with(point + "/");
}

/// The last mount on the longest path: that is the one which is seen.
Mount find_mount(const std::string& path) {
  Mount best;
  std::ifstream file("/proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    auto mount = mount_of(line);
    if (!mount || !is_below(path, mount->point)) continue;
    if (mount->point.size() >= best.point.size()) best = std::move(*mount);
  }
  return best;
}

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Of the whole device, where the directory is on a partition of it.
void add_device(const std::string& directory, FilesystemFacts& facts) {
  struct stat stat {};
  if (::stat(directory.c_str(), &stat) != 0 || major(stat.st_dev) == 0) return;
  facts.device = fmt::format("{}:{}", major(stat.st_dev), minor(stat.st_dev));
  const fs::path device = fs::path("/sys/dev/block") / facts.device;
  for (const char* queue : {"queue", "../queue"}) {
    std::error_code error;
    const fs::path at = fs::canonical(device, error) / queue;
    if (error || !fs::exists(at, error)) continue;
    const std::string rotational = first_line(at / "rotational");
    if (!rotational.empty()) facts.rotational = rotational == "1";
    facts.write_cache = first_line(at / "write_cache");
    return;
  }
}

}  // namespace

std::string_view to_string(Medium medium) noexcept {
  switch (medium) {
    case Medium::device:
      return "device";
    case Medium::network:
      return "network";
    case Medium::program:
      return "program";
    case Medium::stacked:
      return "stacked";
    case Medium::memory:
      return "memory";
    case Medium::unknown:
      break;
  }
  return "unknown";
}

Medium medium_of(std::string_view type) noexcept {
  using std::string_view;
  constexpr std::array network{string_view("nfs"),       string_view("nfs4"), string_view("cifs"),
                               string_view("smb3"),      string_view("9p"),   string_view("ceph"),
                               string_view("glusterfs"), string_view("afs"),  string_view("lustre"),
                               string_view("gfs2"),      string_view("ocfs2")};
  constexpr std::array device{string_view("ext2"),  string_view("ext3"),    string_view("ext4"),
                              string_view("xfs"),   string_view("btrfs"),   string_view("f2fs"),
                              string_view("zfs"),   string_view("jfs"),     string_view("vfat"),
                              string_view("ntfs3"), string_view("bcachefs")};
  const auto is_in = [type](const auto& list) {
    return std::find(list.begin(), list.end(), type) != list.end();
  };
  if (is_in(network)) return Medium::network;
  if (is_in(device)) return Medium::device;
  if (type.starts_with("fuse") || type == "virtiofs") return Medium::program;
  if (type == "overlay" || type == "aufs" || type == "ecryptfs") return Medium::stacked;
  if (type == "tmpfs" || type == "ramfs") return Medium::memory;
  return Medium::unknown;
}

Result<FilesystemFacts> filesystem_facts(const std::string& directory) {
  constexpr const char* what = "the filesystem was not looked at";
  struct statvfs stat {};
  if (::statvfs(directory.c_str(), &stat) != 0) {
    return tl::unexpected(system_error(errno, what, directory));
  }
  std::error_code error;
  const fs::path path = fs::canonical(directory, error);
  if (error || !fs::is_directory(path, error)) {
    return tl::unexpected(system_error(error ? error.value() : ENOTDIR, what, directory));
  }
  const Mount mount = find_mount(path.string());
  FilesystemFacts out;
  out.type = mount.type;
  out.medium = medium_of(mount.type);
  out.copy_on_write = mount.type == "btrfs" || mount.type == "zfs" || mount.type == "bcachefs";
  out.mount_point = mount.point;
  out.source = mount.source;
  out.options = mount.options;
  out.free_bytes = std::uint64_t{stat.f_bavail} * stat.f_frsize;
  out.total_bytes = std::uint64_t{stat.f_blocks} * stat.f_frsize;
  add_device(path.string(), out);
  return out;
}

nlohmann::ordered_json to_json(const FilesystemFacts& facts) {
  using Json = nlohmann::ordered_json;
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  return {{"type", facts.type},
          {"medium", to_string(facts.medium)},
          {"copy_on_write", facts.copy_on_write},
          {"mount_point", facts.mount_point},
          {"source", facts.source},
          {"options", facts.options},
          {"free_bytes", facts.free_bytes},
          {"total_bytes", facts.total_bytes},
          {"device", text(facts.device)},
          {"rotational", facts.rotational ? Json(*facts.rotational) : Json()},
          {"write_cache", text(facts.write_cache)}};
}

}  // namespace storemark::cli
