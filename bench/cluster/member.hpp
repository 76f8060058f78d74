// SPDX-License-Identifier: Apache-2.0
// A process that is one member of a cluster. It says on stdout, with the steady clock in
// nanoseconds: "joined TIME", "view MEMBERS TIME" when it may publish in another view than before,
// and "stopped TIME". It obeys on stdin: "publish", "shutdown".
#pragma once

#include <functional>
#include <memory>
#include <storemark/group.hpp>
#include <string>

namespace storemark::bench {

using JoinKind = std::function<Result<std::unique_ptr<storemark::Group>>(const std::string& kind,
                                                                         const std::string& name)>;

struct MemberArguments {
  std::string directory;  ///< of its store and journal; its name is the member's
  std::string wait_for;
  std::string kind;   ///< of group
  std::string group;  ///< its name
};

int be_member(const MemberArguments& arguments, const JoinKind& join);

/// Now, as members tell it.
[[nodiscard]] std::int64_t steady_nanoseconds();

}  // namespace storemark::bench
