// SPDX-License-Identifier: Apache-2.0
#include "cli/system_error.hpp"

#include <cerrno>
#include <system_error>

namespace storemark::cli {
namespace {

struct Row {
  Errc code;
  const char* todo;
};

Row row_for(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return {Errc::directory_missing, "check the path, and that its volume is mounted"};
    case EACCES:
    case EPERM:
      return {Errc::no_permission, "ask as the user that the broker runs as"};
    case EROFS:
      return {Errc::read_only_filesystem, "mount it for writing"};
    case ENOSPC:
    case EDQUOT:
      return {Errc::no_space, "make room, and ask again"};
    default:
      return {Errc::io_failed, "look into the kernel's log"};
  }
}

}  // namespace

Error system_error(int number, const std::string& what, const std::string& where) {
  const Row row = row_for(number);
  return {row.code, what, where, std::generic_category().message(number), row.todo, number};
}

}  // namespace storemark::cli
