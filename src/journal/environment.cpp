// SPDX-License-Identifier: Apache-2.0
#include "journal/environment.hpp"

#include "io/posix_directory.hpp"
#include "io/quota.hpp"
#include "journal/io_errors.hpp"

namespace storemark {

Result<Environment> system_environment(const std::filesystem::path& directory,
                                       const Options& options) {
  auto opened = io::PosixDirectory::open_directory(directory, options);
  if (!opened) {
    return tl::unexpected(
        to_error(opened.error(), "the data directory could not be opened", directory.string()));
  }
  Environment out;
  out.directory = std::move(*opened);
  out.path = directory.string();
  out.new_id = [] { return new_uuid(); };
  out.wall_clock = [] {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  out.steady_clock = [] { return std::chrono::steady_clock::now(); };
  static const bool has_quota = io::has_processor_quota();
  out.has_processor_quota = has_quota;
  out.background = true;
  return out;
}

}  // namespace storemark
