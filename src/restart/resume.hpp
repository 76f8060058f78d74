// SPDX-License-Identifier: Apache-2.0
// Whether a part of a cluster that has lost its quorum, and has it again, may go on. A quorum
// counts hosts; what was answered is in stores: another part may have gone on meanwhile, whose
// members are away now while their hosts are here. Pure.
#pragma once

#include <storemark/restart.hpp>
#include <vector>

namespace storemark::restart {

enum class Prospect : std::uint8_t {
  resume,
  wait,        ///< somebody who is away may have more
  start_anew,  ///< somebody who is here has more, and is in no part: nobody is active any more
};

/// Of the best of the parts that were all suspended. Most of all members are enough, since they
/// have what was answered; what somebody has beyond who was started again was not. Else all must be
/// here, and where one of these has more, that is what the cluster is to go on from: the rules for
/// a start say how. They do too where one with more is clean, by a shutdown or an operator's word.
[[nodiscard]] Prospect prospect_of(const Announcement& part,
                                   const std::vector<Announcement>& members);

}  // namespace storemark::restart
