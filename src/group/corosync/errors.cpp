// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/errors.hpp"

#include <unistd.h>

#include <utility>

namespace storemark::corosync_group {

Error not_joined(Errc code, const std::string& group, std::string why, std::string todo,
                 int os_error) {
  return Error{code,
               "the group could not be joined",
               "Corosync's group " + group,
               std::move(why),
               std::move(todo),
               os_error};
}

Error denied(const std::string& group, const std::string& complaint) {
  const std::string user = std::to_string(::geteuid());
  return not_joined(Errc::no_permission, group,
                    "Corosync's daemon does not let user " + user + " in (" + complaint + ")",
                    "as root write \"uidgid { uid: " + user +
                        " }\", on three lines, to /etc/corosync/uidgid.d/storemark on each node, "
                        "and run corosync-cfgtool -R");
}

Error join_cancelled(const std::string& group) {
  return not_joined(Errc::cancelled, group, "it was stopped while it waited for that",
                    "join when it is wanted");
}

Error out_of_group(const std::string& group, std::string why, std::string todo) {
  return Error{Errc::group_lost, "this node is out of the group", "Corosync's group " + group,
               std::move(why), std::move(todo)};
}

Error out_of_group(const std::string& group, Answer answer, const std::string& complaint) {
  if (answer == Answer::no_memory) return out_of_group(group, "there is no memory");
  return out_of_group(group, "Corosync's daemon on this host is gone (" + complaint + ")",
                      "see its log; when it runs, join again, as a new node");
}

}  // namespace storemark::corosync_group
