// SPDX-License-Identifier: Apache-2.0
#include "group/local/errors.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace storemark::local_group {
namespace {

struct Advice {
  Errc code;
  const char* todo;
};

Advice advice_for(int code) {
  switch (code) {
    case EACCES:
    case EPERM:
      return {Errc::no_permission, "run as the user that owns the directory"};
    case ENOENT:
    case ENOTDIR:
      return {Errc::directory_missing, "check the path; the parent directory must exist"};
    case ENOSPC:
    case EDQUOT:
      return {Errc::no_space, "free space on the filesystem"};
    case EROFS:
      return {Errc::read_only_filesystem, "name a directory that can be written"};
    default:
      return {Errc::io_failed, "see what the system says of it, and join again"};
  }
}

}  // namespace

Error not_joined(Errc code, const std::string& place, std::string why, std::string todo,
                 int os_error) {
  return Error{code,    "the group could not be joined", place, std::move(why), std::move(todo),
               os_error};
}

Error not_joined(const io::IoError& error, const std::string& place) {
  const Advice advice = advice_for(error.code);
  return not_joined(advice.code, place,
                    std::string(error.call) + ": " + std::generic_category().message(error.code),
                    advice.todo, error.code);
}

Error join_cancelled(const std::string& place) {
  return not_joined(Errc::cancelled, place, "it was stopped while it waited for that",
                    "join when it is wanted");
}

Error out_of_group(const std::string& place, std::string why) {
  return Error{Errc::group_lost, "this node is out of the group", place, std::move(why),
               "join again, as a new node"};
}

}  // namespace storemark::local_group
