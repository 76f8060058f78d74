// SPDX-License-Identifier: Apache-2.0
#include "journal/io_errors.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

namespace storemark {
namespace {

struct Advice {
  Errc code;
  const char* todo;
};

Advice advice_for(int code) {
  switch (code) {
    case EWOULDBLOCK:
      return {Errc::in_use, "stop the process that has it open, or only look at it"};
    case EACCES:
    case EPERM:
      return {Errc::no_permission, "run as the user that owns the data directory"};
    case EROFS:
      return {Errc::read_only_filesystem, "mount it read-write; examine works as it is"};
    case ENOSPC:
    case EDQUOT:
      return {Errc::no_space, "free space on the filesystem"};
    case ENOENT:
    case ENOTDIR:
      return {Errc::directory_missing, "check the path, and that its volume is mounted"};
    case ELOOP:
    case EISDIR:
    case ENXIO:
      return {Errc::not_a_journal, "move away what stands there; a journal is a regular file"};
    case ESTALE:
      return {Errc::file_replaced, "see who replaces files there, and open it again"};
    case EEXIST:
      return {Errc::journal_exists, "look at the one that is there"};
    default:
      return {Errc::io_failed, "see the system's log for the device, then open it again"};
  }
}

}  // namespace

Error to_error(const io::IoError& error, std::string what, const std::string& where) {
  const Advice advice = advice_for(error.code);
  std::string why = std::string(error.call) + ": " + std::generic_category().message(error.code);
  if (error.code == EWOULDBLOCK)
    why = "another process, or another handle of this one, has it open";
  return Error{advice.code, std::move(what), where, std::move(why), advice.todo, error.code};
}

}  // namespace storemark
